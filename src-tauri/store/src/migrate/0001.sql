-- From format 0 to format 1: which log was written here last, which only a file with one line of logs could leave unsaid.
INSERT INTO meta (name, value) SELECT 'home_log', id FROM log ORDER BY no DESC LIMIT 1;
