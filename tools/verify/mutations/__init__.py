"""Mutations: small mistakes put into a copy of the project, each of which a check must catch."""
