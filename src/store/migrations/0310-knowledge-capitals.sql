-- Servers whose locale knows no capitals beyond A to Z kept them in terms, where no question finds them. Texts are
-- given to Postgres in lower case from here on; there, all knowledge is read anew. Not at once: a process of the
-- release before would read it as before.
DO $$
BEGIN
  IF to_tsvector('simple', 'Ö') <> to_tsvector('simple', 'ö') THEN
    UPDATE kb_chunks SET hash = '\x';
    UPDATE kb_nodes SET index_status = 'pending', due_at = clock_timestamp() + interval '10 minutes',
        claim = claim + 1, tries = 0
      WHERE NOT is_directory AND deleted_at IS NULL AND index_status IN ('ready', 'embedding');
  END IF;
END
$$;
