"""Interceptor fly-out and the engagement of a flight by a battery."""
