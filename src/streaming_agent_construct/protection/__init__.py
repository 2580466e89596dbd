"""What stands in front: firewall, throttle, API keys, runtime guard."""
