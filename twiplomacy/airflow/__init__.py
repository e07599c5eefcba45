"""Airflow: the task that runs a verb, and a runner with an Airflow of this project's own."""
