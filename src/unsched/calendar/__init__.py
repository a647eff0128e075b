"""iCalendar: what goes into everybody's calendar (RFC 5545, RFC 5546, RFC 7986)."""
