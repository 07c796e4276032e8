"""watches: files of notebooks that run side by side are told apart by the folders that each may write."""

import pytest

from csrbook.watches import Stray, Watch


def write(folder, name, words="x"):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(words)


def test_each_gets_the_files_of_its_folders(tmp_path):
    watch = Watch(tmp_path)
    watch.begin("a", ["a", "a.ipynb"])
    watch.begin("b", ["b"])
    for name in ("a/2", "a/1", "b/1", "a.ipynb"):
        write(tmp_path, name)
    assert watch.finish("a") == ["a.ipynb", "a/1", "a/2"]
    write(tmp_path, "b/2")
    assert watch.finish("b") == ["b/1", "b/2"]


def test_folder_of_another_name_that_begins_alike_is_another(tmp_path):
    watch = Watch(tmp_path)
    watch.begin("a", ["a"])
    write(tmp_path, "ab/1")
    with pytest.raises(Stray) as caught:
        watch.finish("a")
    assert (caught.value.file, caught.value.names) == ("ab/1", ("a",))


@pytest.mark.parametrize("harm", ["changed", "removed"])
def test_file_of_a_finished_one_may_not_be_touched_though_it_began_before_that(tmp_path, harm):
    watch = Watch(tmp_path)
    watch.begin("a", ["a"])
    watch.begin("b", ["b"])
    write(tmp_path, "a/1")
    watch.finish("a")
    write(tmp_path, "a/1", "other words") if harm == "changed" else (tmp_path / "a/1").unlink()
    with pytest.raises(Stray) as caught:
        watch.finish("b")
    assert (caught.value.file, caught.value.names) == ("a/1", ("b",))


def test_stray_file_is_laid_to_all_that_ran_and_hides_nothing_of_the_next(tmp_path):
    watch = Watch(tmp_path)
    watch.begin("a", ["a"])
    watch.begin("b", ["b"])
    for name in ("elsewhere", "a/1", "b/1"):
        write(tmp_path, name)
    for name, blamed in (("b", ("a", "b")), ("a", ("a",))):
        with pytest.raises(Stray) as caught:
            watch.finish(name)
        assert (caught.value.file, caught.value.names) == ("elsewhere", blamed)


def test_file_that_was_there_is_nobodys(tmp_path):
    write(tmp_path, "elsewhere")
    watch = Watch(tmp_path)
    watch.begin("a", ["a"])
    assert watch.finish("a") == []
