"""`explorer.recent`: what is asked for often is kept."""

from explorer.recent import Recent


def test_value_is_made_once():
    lately = Recent(2)
    assert lately.get("a", lambda: 1) == 1
    assert lately.get("a", lambda: 2) == 1


def test_value_that_nobody_asked_for_the_longest_goes_first():
    lately = Recent(2)
    lately.put("a", 1)
    lately.put("b", 2)
    assert lately.known("a") == 1
    lately.put("c", 3)
    assert ("a" in lately, "b" in lately, "c" in lately) == (True, False, True)


def test_what_is_not_known_is_none():
    assert Recent(1).known("a") is None


def test_another_one_s_values_are_taken_over():
    one, other = Recent(3), Recent(3)
    one.put("a", 1)
    other.put("b", 2)
    one.update(other)
    assert (one.known("a"), one.known("b")) == (1, 2)
