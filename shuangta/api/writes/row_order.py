"""The order of the rows of one set: each comes after those that it names, wherever in the set these stand."""

from itertools import islice

ROWS_AT_ONCE = 10_000


class RowOrder:
    """Puts rows, pairs of a number and a body, in an order in which they can be written.

    ``key_in`` gives the key that a body states. Of a long file, rows that name one not yet met wait until it is.
    """

    def __init__(self, model, key_in):
        self.model, self.key_in = model, key_in
        own = [each for each in model._meta.concrete_fields if each.related_model is model]
        self.to_one = [each.name for each in own]
        self.to_many = [
            each.name for each in model._meta.many_to_many if each.related_model is model
        ]
        self.circles = {}
        """By the number of a row: each relation that alone leads back to it, with the key that the row names."""
        self.postponed = {}
        """By the number of a row: what leads back to it by way of several relations, or of a list.

        It is set when all is there.
        """

    def batches(self, rows, size):
        """Yield the rows in lists of a size at most."""
        rows, waiting = iter(rows), []
        at_once = ROWS_AT_ONCE if self.to_one or self.to_many else size
        while new := list(islice(rows, at_once)):
            ready, waiting = self.divide(waiting + new, is_last=len(new) < at_once)
            yield from in_lists(ready, size)
        yield from in_lists(waiting, size)

    def postponed_keys(self, number):
        """The keys that the postponed relations of a row name."""
        body = self.postponed.get(number, {})
        return {key for _relation, key in self.names_in(body)}

    def divide(self, rows, *, is_last):
        """The rows that can be written, in order, and those that wait for one that may still come."""
        keys = {self.key_in(body) for _number, body in rows} - {None}
        named = {key for _number, body in rows for _relation, key in self.names_in(body)} - keys
        if not keys and not named:
            return rows, []
        missing = set() if is_last or not named else self.missing(named)
        ready, waiting = [], []
        for number, body in self.in_order(rows):
            if any(key in missing for _relation, key in self.names_in(body)):
                missing.add(self.key_in(body))
                waiting.append((number, body))
            else:
                ready.append((number, body))
        return ready, waiting

    def missing(self, keys):
        keys = sorted(keys)
        found = set()
        for start in range(0, len(keys), 1000):
            rows = self.model._base_manager.filter(pk__in=keys[start : start + 1000])
            found.update(rows.values_list("pk", flat=True))
        return set(keys) - found

    def names_in(self, body):
        """The relations by which a body names rows of its own kind, each with the key."""
        if not isinstance(body, dict):
            return []
        pairs = [(name, body.get(name)) for name in self.to_one]
        for name in self.to_many:
            if isinstance(body.get(name), list):
                pairs += [(name, key) for key in body[name]]
        return [(name, key) for name, key in pairs if isinstance(key, str)]

    def in_order(self, rows):
        """The rows, each after those that it names; where they name each other in a circle, that is noted."""
        places = {}
        for place, (_number, body) in enumerate(rows):
            places.setdefault(self.key_in(body), place)
        for relation in self.to_one:
            self.note_circles(rows, relation, places)
        done, under_way = set(), set()
        for start in range(len(rows)):
            if start in done:
                continue
            path = [(start, iter(self.names_in(rows[start][1])))]
            under_way.add(start)
            while path:
                place, names = path[-1]
                following = self.next_place(rows[place], names, places, done, under_way)
                if following is None:
                    path.pop()
                    under_way.remove(place)
                    done.add(place)
                    yield rows[place]
                else:
                    under_way.add(following)
                    path.append((following, iter(self.names_in(rows[following][1]))))

    def next_place(self, row, names, places, done, under_way):
        """Where the next row stands that this one names and that has not been passed; None after the last."""
        number, body = row
        for relation, key in names:
            place = places.get(key)
            if relation in self.circles.get(number, ()):
                continue
            if place in under_way:
                self.postponed.setdefault(number, {})[relation] = body[relation]
            elif place is not None and place not in done:
                return place
        return None

    def note_circles(self, rows, relation, places):
        """Note each row to which the relation leads back, through any number of the rows."""
        passed = set()
        for start in range(len(rows)):
            path, place = [], start
            while place is not None and place not in passed:
                passed.add(place)
                path.append(place)
                named = dict(self.names_in(rows[place][1]))
                place = places.get(named.get(relation, ""))
            for each in path[path.index(place) :] if place in path else ():
                number, body = rows[each]
                self.circles.setdefault(number, {})[relation] = body[relation]


def in_lists(rows, size):
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
