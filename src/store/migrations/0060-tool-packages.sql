-- What the check of a tool's code found: the packages that it imports (JSON array of names), and whether its
-- parameters were written by its author or read from the code. All before were written.
ALTER TABLE custom_tools
  ADD COLUMN packages text NOT NULL DEFAULT '[]',
  ADD COLUMN parameters_given boolean NOT NULL DEFAULT true;
