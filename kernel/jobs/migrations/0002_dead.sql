-- Dead letters, for the list of staff; the queue itself never touches it.
CREATE INDEX kernel_jobs_dead ON kernel_jobs (id) WHERE state = 'dead';
