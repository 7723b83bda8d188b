import sys
from pathlib import Path

# The rules are a module of these tests, not of the product.
sys.path.insert(0, str(Path(__file__).parent))
