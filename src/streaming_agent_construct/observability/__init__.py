"""What watches: logs, metrics, alarms, dashboard, traces."""
