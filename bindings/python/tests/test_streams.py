"""Images that arrive in chunks are judged as whole ones are."""
import icecat
import pictures
import pytest

NAMES = sorted(path.name for path in pictures.SAMPLES.glob("*.[jp][pn]g"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1000, 7919, 1 << 20])
def test_a_stream_judges_as_validate_does(name, size):
    data = pictures.sample(name)
    with icecat.ImageStream(total_bytes=len(data)) as stream:
        for at in range(0, len(data), size):
            stream.feed(memoryview(data)[at:at + size])
        found = stream.finish()
    wanted = icecat.validate(data)
    same = ("ok", "format", "width", "height", "reason", "fault_offset", "warnings", "size", "colour")
    assert [getattr(found, each) for each in same] == [getattr(wanted, each) for each in same]
    assert str(found.error) == str(wanted.error)


def test_the_header_is_enough():
    data, seen = pictures.sample("tabby.jpg"), 0
    with icecat.ImageStream(total_bytes=len(data)) as stream:
        for at in range(0, len(data), 100):
            seen += 100
            if stream.feed(data[at:at + 100]):
                break
        found = stream.finish(whole=False)
    assert seen < 5000 and found.width == icecat.validate(data).width and "tail-unseen" in found.warnings


def test_limits_are_those_of_validate():
    stream = icecat.ImageStream(min_side=9000)
    stream.feed(pictures.sample("tabby.jpg"))
    assert stream.finish().reason == "too-small"
    with pytest.raises(icecat.ArgumentError, match="profile"):
        icecat.ImageStream(profile="x")
    with pytest.raises(icecat.ArgumentError, match="max_bytes"):
        icecat.ImageStream(max_bytes=-1)


def test_a_stream_ends():
    stream = icecat.ImageStream(total_bytes=3)
    with pytest.raises(icecat.ArgumentError):
        stream.feed(b"four")
    stream.close()
    stream.close()
    for call in (lambda: stream.feed(b""), stream.finish):
        with pytest.raises(icecat.ArgumentError, match="closed"):
            call()
