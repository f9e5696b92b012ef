-- `wake_at` is rounded to milliseconds, up as often as down: a run that was woken "now" could be due half a millisecond
-- later than the clock says, and nobody was told (until it was overdue for ten minutes). What counts is that it is due
-- earlier than it was: that is what the cluster cannot know.
CREATE OR REPLACE TRIGGER runs_woken AFTER UPDATE OF wake_at ON runs FOR EACH ROW
  WHEN (NEW.engine <> 'local' AND OLD.owner IS NULL AND NEW.owner IS NULL
    AND (NEW.wake_at < OLD.wake_at OR (OLD.wake_at IS NULL AND NEW.wake_at IS NOT NULL)
      OR NEW.wake_at <= clock_timestamp() OR NEW.status IN ('completed', 'failed', 'cancelled')))
  EXECUTE FUNCTION wake_on_cluster();
