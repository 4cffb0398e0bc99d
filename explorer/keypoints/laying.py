"""The points of images, read off layers again and again while people add and take away few."""

import threading
from collections.abc import Collection

from explorer.annotation import Annotation, ImagePoints, Laid, LaidPoint, Layer, lay_on

FEW = 64
"""Images that are read one by one; where more changed, reading all is as fast."""


class Laying:
    """Reads what `Annotation.laid` reads, and anew only the images whose layers changed.

    With a hundred thousand points, one correction would cost a second otherwise. Any thread may
    ask.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._layers: tuple[Layer, ...] = ()
        self._images: dict[int, dict[str, ImagePoints]] = {}
        self._laid: dict[str, dict[str, LaidPoint]] = {}

    def laid(self, annotation: Annotation) -> Laid:
        """Return every point that can be read off the layers; what was returned stays as it is."""
        with self._lock:
            if annotation.layers is not self._layers:
                self._follow(annotation)
            return self._laid

    def _follow(self, annotation: Annotation) -> None:
        old, new = self._layers, annotation.layers
        had, has = {id(layer) for layer in old}, {id(layer) for layer in new}
        changed = [layer for layer in (*old, *new) if id(layer) not in had & has]
        kept = [[layer for layer in layers if id(layer) in had & has] for layers in (old, new)]
        touched = {image.image for layer in changed for image in layer.images}
        # The identities of layers count as long as they are held here.
        self._layers = new
        self._images = {one: images for one, images in self._images.items() if one in has}
        is_in_order = all(one is other for one, other in zip(*kept, strict=True))
        if len(touched) > FEW or not is_in_order:
            self._laid = annotation.laid()
        else:
            self._laid = self._with(touched)

    def _with(self, touched: Collection[str]) -> dict[str, dict[str, LaidPoint]]:
        laid = dict(self._laid)
        for name in touched:
            points: dict[str, LaidPoint] = {}
            is_said = False
            for layer in self._layers:
                if (image := self._of(layer).get(name)) is not None:
                    lay_on(points, layer, image)
                    is_said = True
            if is_said:
                laid[name] = points
            else:
                laid.pop(name, None)
        return laid

    def _of(self, layer: Layer) -> dict[str, ImagePoints]:
        known = self._images.get(id(layer))
        if known is None:
            known = self._images[id(layer)] = {image.image: image for image in layer.images}
        return known
