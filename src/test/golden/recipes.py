"""Writes src/test/resources/golden/phase/recipes.f4: gradients of five recipes by float32 autograd.

Rows of 12 little-endian float32: x, y, then (dx, dy) of naive, zero_nudge, threshold, abs_threshold, add_eps. Made with torch
1.13 (Debian's python3-torch), whose atan2 differentiates as all frameworks' did; since 2.x torch answers 0 where x x + y y is 0.
"""
import itertools
import pathlib

import numpy as np
import torch

RECIPES = {
    "naive": lambda x: x,
    "zero_nudge": lambda x: torch.where(x == 0, x + 1e-7, x),
    "threshold": lambda x: torch.where(x < 1e-10, torch.tensor(1e-10), x),
    "abs_threshold": lambda x: torch.where(x.abs() < 1e-10, torch.tensor(1e-10), x),
    "add_eps": lambda x: x + 1e-7,
}


def gradients(re, im, recipe):
    x = torch.tensor(re, requires_grad=True)
    y = torch.tensor(im, requires_grad=True)
    torch.atan2(y, recipe(x)).sum().backward()
    return x.grad.numpy(), y.grad.numpy()


def pairs():
    tiny, least, largest = np.finfo("f4").tiny, np.float32(1e-45), np.finfo("f4").max
    edge = [0, 1e-25, 1e-20, 1e-12, 1e-11, 1e-10, 1e-9, 5e-8, 1e-7, 1e-5, 0.5, 1, 1e19, 1e20, tiny, least, largest]
    values = np.array([s * v for v in edge for s in (1, -1)], "f4")
    random = np.random.default_rng(1).integers(0, 2**32, (2000, 2), "u4").view("f4")
    random = random[np.isfinite(random).all(axis=1)]
    return np.concatenate([np.array(list(itertools.product(values, values)), "f4"), random])


if __name__ == "__main__":
    xy = pairs()
    columns = [xy[:, 0], xy[:, 1]]
    for recipe in RECIPES.values():
        columns += gradients(xy[:, 0], xy[:, 1], recipe)
    out = pathlib.Path(__file__).parents[1] / "resources/golden/phase/recipes.f4"
    out.parent.mkdir(parents=True, exist_ok=True)
    np.stack(columns, axis=1).astype("<f4").tofile(out)
    print(torch.__version__, len(xy), "pairs")
