-- A model that orders what was found anew; null: none.
ALTER TABLE kb_spaces ADD COLUMN rerank_model text;
