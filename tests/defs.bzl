"""The one way in which a doctest suite is declared."""

def viasync_test(name, deps = [], **kwargs):
    """A cc_test of NAME.cc, with doctest's main linked in."""
    native.cc_test(
        name = name,
        srcs = kwargs.pop("srcs", [name + ".cc"]),
        deps = deps + ["//tests:doctest_main", "@debian//:doctest"],
        **kwargs
    )
