"""All mutations, in the order in which they are tried."""

from tests.mutations.data import DATA
from tests.mutations.lessons import LESSONS
from tests.mutations.models import MODELS
from tests.mutations.stored import STORED
from tests.mutations.tools import TOOLS

MUTATIONS = [*DATA, *MODELS, *LESSONS, *TOOLS, *STORED]
