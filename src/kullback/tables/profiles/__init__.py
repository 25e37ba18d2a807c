"""Profiles: small mergeable summaries of tables, and the engine that compares them."""

from kullback.tables.profiles.build import profile as profile
from kullback.tables.profiles.profile import Profile as Profile
