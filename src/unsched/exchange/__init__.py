"""Problems and schedules in files: plain data, TOML and JSON, and the JSON Schema of both."""
