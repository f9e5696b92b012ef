-- A message by a template that the other side keeps, as WhatsApp asks of whoever writes first: its JSON.
ALTER TABLE messages ADD COLUMN template text;
