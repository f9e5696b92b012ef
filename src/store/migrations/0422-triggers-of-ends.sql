-- A trigger's condition is read from the catalogue anew by every statement that could fire it, and most updates
-- of runs are steps that change no status.
CREATE OR REPLACE TRIGGER runs_child_ended AFTER UPDATE OF status ON runs FOR EACH ROW
  WHEN (NEW.parent_run_id IS NOT NULL
    AND NEW.status IN ('completed', 'failed', 'cancelled')
    AND OLD.status NOT IN ('completed', 'failed', 'cancelled'))
  EXECUTE FUNCTION child_run_ended();

CREATE OR REPLACE TRIGGER runs_asking_ended AFTER UPDATE OF status ON runs FOR EACH ROW
  WHEN (NEW.has_asked
    AND NEW.status IN ('completed', 'failed', 'cancelled')
    AND OLD.status NOT IN ('completed', 'failed', 'cancelled'))
  EXECUTE FUNCTION asking_run_ended();

CREATE OR REPLACE TRIGGER runs_escalated AFTER UPDATE OF status ON runs FOR EACH ROW
  WHEN (NEW.disposition IN ('escalated', 'escalation_and_answer')
    AND NEW.status = 'completed' AND OLD.status <> 'completed'
    AND NEW.parent_run_id IS NULL AND NOT NEW.dry_run)
  EXECUTE FUNCTION run_escalated();

CREATE OR REPLACE TRIGGER runs_notify AFTER UPDATE OF status ON runs FOR EACH ROW
  WHEN (NEW.status = 'failed' AND OLD.status <> 'failed' AND NEW.parent_run_id IS NULL AND NOT NEW.dry_run)
  EXECUTE FUNCTION notify_of_failed_run();
