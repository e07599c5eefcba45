"""From raw tables to yearly report tables: the dbt project and the one call that runs it."""
