"""All mutations, in the order in which they are tried."""

from tools.verify.mutations.data import DATA
from tools.verify.mutations.figures import DRAWN
from tools.verify.mutations.learning import LEARNING
from tools.verify.mutations.models import MODELS
from tools.verify.mutations.panels import PANELS
from tools.verify.mutations.stored import STORED
from tools.verify.mutations.tools import TOOLS

MUTATIONS = [*DATA, *MODELS, *DRAWN, *PANELS, *LEARNING, *TOOLS, *STORED]
