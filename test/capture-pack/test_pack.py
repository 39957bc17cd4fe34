"""The capture pack without ComfyUI: its functions, and its journal with stand-ins for what ComfyUI hands to it."""

import ast
import hashlib
import importlib.util
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PACK = os.path.join(HERE, "..", "..", "templates", "capture-pack", "__init__.py")


def load_pack():
    spec = importlib.util.spec_from_file_location("git_comfy_capture", PACK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pack = load_pack()
sha256 = lambda content: hashlib.sha256(content).hexdigest()


class Folders(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.base = os.path.realpath(self.temporary.name)

    def put(self, name, content=b"", old=True):
        path = os.path.join(self.base, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def git(self, folder, *words):
        env = dict(os.environ, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1")
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        done = subprocess.run(["git", *identity, *words], cwd=folder, env=env, check=True, capture_output=True, text=True)
        return done.stdout.strip()


class FakePaths:
    """ComfyUI's folder_paths, as far as the pack uses it."""

    def __init__(self, base):
        self.base = base
        kinds = ("checkpoints", "loras", "embeddings", "custom_nodes")
        self.folder_names_and_paths = {kind: ([os.path.join(base, "models", kind)], set()) for kind in kinds}

    map_legacy = staticmethod(lambda name: {"unet": "diffusion_models"}.get(name, name))

    def get_user_directory(self):
        return os.path.join(self.base, "user")

    def get_output_directory(self):
        return os.path.join(self.base, "output")

    def get_folder_paths(self, kind):
        return self.folder_names_and_paths[kind][0]

    def get_full_path(self, kind, name):
        for root in self.folder_names_and_paths.get(kind, ([], set()))[0]:
            path = os.path.join(root, os.path.relpath(os.path.join("/", name), "/"))
            if os.path.isfile(path):
                return path
        return None


PROMPT = {
    "4": {"class_type": "Loader", "inputs": {"ckpt_name": "dream.safetensors"}, "is_changed": ["x"]},
    "6": {"class_type": "Text", "inputs": {"text": "a cat, (embedding:bad:1.2)", "clip": ["4", 1]}},
    "9": {"class_type": "Save", "inputs": {"images": ["6", 0]}},
}


class Journals(Folders):
    """One run after another, as the prompt worker would have them; what the pack's thread does is done at once."""

    def setUp(self):
        super().setUp()
        self.put("models/checkpoints/dream.safetensors", b"weights")
        self.put("models/embeddings/bad.pt", b"embedding")
        self.paths = FakePaths(self.base)
        self.start()

    def start(self):
        nothing = types.SimpleNamespace()
        loader = type("Loader", (), {"RELATIVE_PYTHON_MODULE": "custom_nodes.grain"})
        self.capture = pack.Capture(self.paths, nothing, nothing, {"Loader": loader}, (self.base, "0.8.0"))
        self.capture.look()
        self.capture.looked.set()

    def run_once(self, prompt_id="p1", cached=(), load=True, outputs=None, extra=None, status="success", prompt=PROMPT):
        self.capture.begin(((0, prompt_id, prompt, extra or {}, ["9"]), 7))
        if load:
            name = "dream.safetensors"
            self.capture.load("checkpoints", name, self.paths.get_full_path("checkpoints", name))
        for node in prompt:
            if node not in cached:
                self.capture.node_done(node)
        messages = [("execution_cached", {"nodes": list(cached)})]
        self.capture.end(7, {"outputs": outputs or {}}, types.SimpleNamespace(status_str=status, messages=messages))
        self.capture.write_finished()

    def hash_all(self):
        while self.capture.waiting:
            path = next(iter(self.capture.waiting))
            pack.guarded(self.capture.hash_waiting, path)
            for told in self.capture.waiting.pop(path):
                told()

    def lines(self, kind=None):
        with open(self.capture.journal.path, encoding="utf-8") as file:
            found = [json.loads(line) for line in file.read().split("\n") if line]
        return [line for line in found if kind in (None, line["kind"])]

    def test_a_run_is_one_line_with_what_took_part(self):
        self.put("output/t/a.png", b"picture")
        images = {"images": [{"filename": "a.png", "subfolder": "t", "type": "output"}, {"filename": "b.png", "type": "temp"}]}
        self.run_once(outputs={"9": images}, extra={"extra_pnginfo": {"workflow": {"nodes": []}}, "client_id": "secret-client"})
        self.assertEqual([line["kind"] for line in self.lines()], ["environment", "prompt", "run"])
        _, prompt, run = self.lines()
        self.assertNotIn("is_changed", json.dumps(prompt))
        self.assertEqual(prompt["workflow"], {"nodes": []})
        self.assertEqual(run["prompt"], prompt["id"])
        self.assertEqual(run["order"], ["4", "6", "9"])
        self.assertEqual(sorted(run["models"]), ["checkpoints/dream.safetensors", "embeddings/bad.pt"])
        self.assertEqual(run["outputs"], [{"node": "9", "index": 0, "name": "t/a.png", "size": 7, "sha256": sha256(b"picture")}])
        self.assertEqual(run["packs"], {"grain": {}})
        self.assertNotIn("secret-client", json.dumps(self.lines()))
        self.assertNotIn(self.base, json.dumps(self.lines()))

    def test_models_are_hashed_after_the_run_and_known_the_next_time(self):
        self.run_once()
        self.assertNotIn("sha256", self.lines("run")[0]["models"]["checkpoints/dream.safetensors"])
        self.hash_all()
        self.assertEqual(self.lines("hashes")[0]["models"]["checkpoints/dream.safetensors"], {"sha256": sha256(b"weights")})
        self.run_once("p2")
        self.assertEqual(self.lines("run")[1]["models"]["checkpoints/dream.safetensors"]["sha256"], sha256(b"weights"))
        self.assertEqual(len(self.lines("prompt")), 1)

    def test_a_file_that_was_replaced_before_it_was_hashed_has_no_hash(self):
        self.run_once()
        self.put("models/checkpoints/dream.safetensors", b"other content")
        self.hash_all()
        self.assertEqual(self.lines("hashes")[0]["models"]["checkpoints/dream.safetensors"], {"changed": True})

    def test_what_a_cached_node_loaded_is_what_took_part_also_when_the_file_was_replaced_since(self):
        self.run_once()
        self.hash_all()
        self.put("models/checkpoints/dream.safetensors", b"other content")
        self.run_once("p2", cached=["4"], load=False)
        self.hash_all()
        identity = self.lines("run")[0]["models"]["checkpoints/dream.safetensors"]["identity"]
        self.assertEqual(self.lines("run")[1]["models"]["checkpoints/dream.safetensors"]["identity"], identity)
        self.assertEqual(self.lines("run")[1]["order"], ["6", "9"])

    def test_embeddings_are_found_as_comfyui_finds_them(self):
        prompt = {"6": {"class_type": "Text", "inputs": {"text": "a cat, embedding:bad, embedding:../../user/x, embedding:none"}}}
        self.run_once(prompt=prompt, load=False)
        self.assertEqual(list(self.lines("run")[0]["models"]), ["embeddings/bad.pt"])

    def test_a_torn_last_line_hinders_nothing_that_comes_after(self):
        self.run_once()
        with open(self.capture.journal.path, "ab") as file:
            file.write(b'{"journal":1,"kind":"ru')
        self.start()
        self.run_once("p2")
        with open(self.capture.journal.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.assertEqual(lines[3], '{"journal":1,"kind":"ru')
        self.assertEqual([json.loads(line)["kind"] for line in lines[4:7]], ["environment", "prompt", "run"])

    def test_hashes_that_a_kill_prevented_are_made_up_for_at_the_next_start(self):
        self.run_once()
        self.start()
        self.capture.resume()
        self.hash_all()
        self.assertEqual(self.lines("hashes")[0]["models"]["checkpoints/dream.safetensors"], {"sha256": sha256(b"weights")})
        self.start()
        self.capture.resume()
        self.assertEqual((len(self.lines("hashes")), len(self.capture.waiting)), (1, 0))

    def test_a_model_that_was_deleted_before_its_hash_is_said_to_have_changed(self):
        self.run_once()
        os.remove(os.path.join(self.base, "models/checkpoints/dream.safetensors"))
        self.start()
        self.capture.resume()
        self.hash_all()
        self.assertEqual(self.lines("hashes")[0]["models"]["checkpoints/dream.safetensors"], {"changed": True})

    def test_it_rotates_and_every_file_can_be_read_alone(self):
        before, pack.MAX_JOURNAL = pack.MAX_JOURNAL, 1
        most, pack.MAX_JOURNALS = pack.MAX_JOURNALS, 3
        try:
            for number in range(6):
                self.run_once("p%d" % number)
        finally:
            pack.MAX_JOURNAL, pack.MAX_JOURNALS = before, most
        names = sorted(os.listdir(self.capture.journal.folder))
        self.assertEqual(sum(name.startswith("journal-") for name in names), 3)
        self.assertEqual([line["kind"] for line in self.lines()], ["environment", "prompt", "run"])

    def test_a_file_that_another_server_began_gets_machine_and_prompt_again(self):
        self.run_once()
        os.rename(self.capture.journal.path, self.capture.journal.path + ".moved")
        self.put("user/__gitcomfy/journal.jsonl", b'{"journal":1,"kind":"hashes","prompt_id":"x","models":{}}\n')
        self.run_once("p2")
        self.assertEqual([line["kind"] for line in self.lines()], ["hashes", "environment", "prompt", "run"])

    def test_a_file_that_changes_while_it_is_hashed_gets_no_hash(self):
        def changing(path, *_):
            self.put("models/checkpoints/dream.safetensors", b"changed meanwhile")
            return {"sha256": sha256(b"half of each")}

        before, pack.hash_file = pack.hash_file, changing
        self.addCleanup(setattr, pack, "hash_file", before)
        prompt = {"4": PROMPT["4"]}
        self.run_once(prompt=prompt)
        self.hash_all()
        self.assertEqual(self.lines("hashes")[0]["models"], {"checkpoints/dream.safetensors": {"changed": True}})

    def test_an_embedding_that_a_cached_text_took_is_what_took_part(self):
        prompt = {"6": PROMPT["6"]}
        self.run_once(prompt=prompt, load=False)
        self.put("models/embeddings/bad.pt", b"replaced since")
        self.run_once("p2", prompt=prompt, load=False, cached=["6"])
        first, second = [run["models"]["embeddings/bad.pt"]["identity"] for run in self.lines("run")]
        self.assertEqual(first, second)

    def test_a_pack_that_asks_for_every_file_there_is_has_not_loaded_them(self):
        other = self.put("models/loras/other.safetensors", b"other")
        opened = self.put("models/loras/opened.safetensors", b"opened")
        tagged = self.put("models/loras/sub/tagged.safetensors", b"tagged")
        prompt = {"4": {"class_type": "Loader", "inputs": {"text": "a cat <lora:tagged:0.8>"}}}
        self.capture.begin(((0, "p", prompt, {}, []), 7))
        self.capture.load("loras", "other.safetensors", other)
        self.capture.load("loras", os.path.join("sub", "tagged.safetensors"), tagged)
        self.capture.read(opened)
        self.capture.end(7, {}, None)
        self.capture.write_finished()
        self.assertEqual(sorted(self.lines("run")[0]["models"]), ["loras/opened.safetensors", "loras/sub/tagged.safetensors"])

    def test_runs_in_other_threads_do_not_mix(self):
        self.capture.begin(((0, "mine", PROMPT, {}, []), 1))
        other = threading.Thread(target=lambda: self.capture.load("checkpoints", "dream.safetensors", self.paths.get_full_path("checkpoints", "dream.safetensors")))
        other.start()
        other.join()
        self.capture.end(1, {}, None)
        self.capture.write_finished()
        self.assertNotIn("checkpoints/dream.safetensors", self.lines("run")[0]["models"])

    def test_an_output_outside_the_output_folder_is_not_read(self):
        self.put("secret.png", b"secret")
        self.put("output/own.png")
        outside = {"images": [{"filename": "../secret.png", "subfolder": "", "type": "output"}]}
        self.run_once(outputs={"9": outside})
        self.assertNotIn("sha256", self.lines("run")[0]["outputs"][0])

    def test_hashes_are_given_of_models_only(self):
        secret = self.put("secret.safetensors", b"secret")
        os.symlink(secret, os.path.join(self.base, "models/checkpoints/link.safetensors"))
        asked = [("checkpoints", "dream.safetensors"), ("embeddings", "bad"), ("checkpoints", "link.safetensors")]
        asked += [("checkpoints", "../../secret.safetensors"), ("checkpoints", secret), ("custom_nodes", "x"), ("nowhere", "x"), ("loras", "a\0b")]
        states = lambda: [model["state"] for model in self.capture.answer_hashes(asked)["models"]]
        refused = ["outside", "missing", "missing", "missing", "missing", "missing"]
        self.assertEqual(states(), ["pending", "pending"] + refused)
        self.hash_all()
        self.assertEqual(states(), ["done", "done"] + refused)
        self.assertEqual(self.capture.answer_hashes(asked[:1])["models"][0]["sha256"], sha256(b"weights"))

    def test_a_file_that_cannot_be_read_is_not_asked_for_for_ever(self):
        def unreadable(*_):
            raise OSError("not for you")

        before, pack.hash_file = pack.hash_file, unreadable
        self.addCleanup(setattr, pack, "hash_file", before)
        ask = lambda: self.capture.answer_hashes([("checkpoints", "dream.safetensors")])["models"][0]["state"]
        self.assertEqual(ask(), "pending")
        self.hash_all()
        self.assertEqual(ask(), "unreadable")


class Hooks(unittest.TestCase):
    def test_what_goes_wrong_in_a_hook_reaches_nobody_and_is_logged_once(self):
        owner = types.SimpleNamespace(get=lambda value: value + 1)

        def broken(result, args, kwargs):
            raise KeyError("broken")

        pack.hook(owner, "get", broken)
        with self.assertLogs(level=logging.WARNING) as log:
            self.assertEqual([owner.get(1), owner.get(2)], [2, 3])
        self.assertEqual(len(log.output), 1)

    def test_an_exception_of_comfyui_itself_passes(self):
        def failing():
            raise ValueError("mine")

        owner = types.SimpleNamespace(get=failing)
        pack.hook(owner, "get", lambda result, args, kwargs: None)
        self.assertRaises(ValueError, owner.get)

    def test_order_is_told_by_what_has_been_executed(self):
        async def execute(server, dynprompt, caches, current_item, extra_data, executed, prompt_id):
            if current_item != "cached":
                executed.add(current_item)
            return "result"

        seen = []
        execution = types.SimpleNamespace(execute=execute)
        pack.hook_execute(execution, types.SimpleNamespace(node_done=seen.append))
        executed = set()

        async def play():
            return [await execution.execute(None, None, None, node, {}, executed, "p") for node in ("1", "cached", "2", "1")]

        import asyncio

        self.assertEqual(asyncio.run(play()), ["result"] * 4)
        self.assertEqual(seen, ["1", "2"])

    def test_a_comfyui_that_executes_otherwise_is_left_alone(self):
        execution = types.SimpleNamespace(execute=lambda graph: None)
        before = execution.execute
        self.assertRaises(RuntimeError, pack.hook_execute, execution, None)
        self.assertIs(execution.execute, before)


class Requests(unittest.TestCase):
    def test_pages_of_other_sites_are_refused(self):
        host = {"Host": "127.0.0.1:8188"}
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "http://127.0.0.1:8189"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            self.assertTrue(pack.is_foreign(dict(host, **headers)), headers)
        self.assertTrue(pack.is_foreign({"Origin": "null"}))
        for headers in ({}, {"Origin": "http://127.0.0.1:8188"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
            self.assertFalse(pack.is_foreign(dict(host, **headers)), headers)

    def test_a_body_of_another_shape_is_refused(self):
        self.assertEqual(pack.asked_models('{"models": [{"folder": "a", "name": "b"}]}'), [("a", "b")])
        many = json.dumps({"models": [{"folder": "a", "name": "b"}] * 513})
        for text in ("[]", "{}", '{"models": {}}', '{"models": [1]}', '{"models": [{"folder": 1, "name": "b"}]}', "nonsense", many):
            self.assertRaises(ValueError, pack.asked_models, text)

    def test_arguments_keep_no_path_address_or_secret(self):
        words = "--cpu --listen 10.0.0.7 --port 8188 --base-directory /srv --api-key abc --hf-token=def --cache-lru 5 --fast fp16_accumulation"
        self.assertEqual(pack.plain_arguments(words.split()), ["--cpu", "--cache-lru", "5", "--fast", "fp16_accumulation"])


class Hashes(Folders):
    def test_content_after_the_header_is_hashed_for_itself(self):
        header = b'{"a":1}'
        content = len(header).to_bytes(8, "little") + header + b"tensors"
        self.assertEqual(pack.hash_file(self.put("m.safetensors", content)), {"sha256": sha256(content), "tensors": sha256(b"tensors")})
        self.assertEqual(pack.hash_file(self.put("m.ckpt", content)), {"sha256": sha256(content)})
        # A header longer than the file: no tensors.
        self.assertEqual(list(pack.hash_file(self.put("n.safetensors", b"\xff" * 20))), ["sha256"])

    def test_a_header_that_ends_in_a_later_read_counts(self):
        before, pack.CHUNK = pack.CHUNK, 16
        try:
            content = (40).to_bytes(8, "little") + b" " * 40 + b"tensors of some length"
            self.assertEqual(pack.hash_file(self.put("m.sft", content))["tensors"], sha256(b"tensors of some length"))
        finally:
            pack.CHUNK = before

    def test_a_file_too_young_is_not_remembered_for_ever(self):
        path, file = self.put("cache.jsonl"), self.put("m.ckpt", b"x")
        identity = pack.identity_of(file)
        pack.HashCache(path).put(file, identity, {"sha256": "a"})
        self.assertIsNone(pack.HashCache(path).get(file, identity))
        identity[2] -= 10 * 10**9
        pack.HashCache(path).put(file, identity, {"sha256": "a"})
        self.assertEqual(pack.HashCache(path).get(file, identity), {"sha256": "a"})
        self.assertIsNone(pack.HashCache(path).get(file, identity[:1] + [0] + identity[2:]))


class Code(Folders):
    def clone(self, remote="https://ada:secret@github.com/ada/pack.git"):
        folder = os.path.join(self.base, "pack")
        os.makedirs(folder)
        self.git(folder, "init", "--quiet")
        self.git(folder, "remote", "add", "origin", remote)
        self.put("pack/__init__.py", b"code")
        self.put("pack/sub/other.py", b"more")
        self.git(folder, "add", ".")
        self.git(folder, "commit", "--quiet", "-m", "pack")
        return folder

    def test_a_clone_is_known_by_commit_and_origin_without_credentials(self):
        folder = self.clone()
        commit = self.git(folder, "rev-parse", "HEAD")
        self.assertEqual(pack.git_facts(folder), {"commit": commit, "repository": "https://github.com/ada/pack.git", "edited": False})
        self.git(folder, "pack-refs", "--all")
        self.git(folder, "checkout", "--quiet", "-b", "other/branch")
        self.assertEqual(pack.git_facts(folder)["commit"], commit)
        self.git(folder, "checkout", "--quiet", "--detach")
        self.assertEqual(pack.git_facts(folder)["commit"], commit)

    def test_edits_are_told_from_a_mere_touch(self):
        folder = self.clone()
        os.utime(os.path.join(folder, "__init__.py"), (1, 1))
        self.assertFalse(pack.git_facts(folder)["edited"])
        self.put("pack/sub/other.py", b"edit")
        self.assertTrue(pack.git_facts(folder)["edited"])

    def test_a_folder_of_this_machine_is_no_origin(self):
        self.assertNotIn("repository", pack.git_facts(self.clone(remote=self.base)))

    def test_a_linked_work_tree_is_followed(self):
        folder = self.clone()
        linked = os.path.join(self.base, "linked")
        self.git(folder, "worktree", "add", "--quiet", linked)
        self.assertEqual(pack.git_facts(linked)["commit"], self.git(folder, "rev-parse", "HEAD"))

    def test_a_damaged_clone_has_no_commit(self):
        self.put("pack/.git/HEAD", b"ref: ../../etc/passwd\n")
        self.assertNotIn("commit", pack.git_facts(os.path.join(self.base, "pack")))

    def test_packs_are_listed_as_comfyui_loads_them(self):
        self.put("nodes/one/__init__.py", b"code")
        self.put("nodes/two.py", b"code")
        self.put("nodes/off.disabled/__init__.py", b"")
        self.put("nodes/__pycache__/x.pyc", b"")
        self.put("nodes/websocket_image_save.py", b"")
        packs = pack.describe_packs([os.path.join(self.base, "nodes")])
        self.assertEqual(sorted(packs), ["one", "two"])
        line = ("100644 %s __init__.py\n" % sha256(b"code")).encode()
        self.assertEqual(packs["one"], {"tree": "sha256:" + sha256(line)})

    def test_a_pack_of_the_registry_is_known_by_what_was_unzipped(self):
        self.put("pack/.tracking", b"__init__.py\n../outside\n/etc/passwd\n")
        self.put("pack/__init__.py", b"code")
        self.put("pack/downloaded.bin", b"later")
        self.put("pack/pyproject.toml", b'[project]\nname = "my-pack"\nversion = "1.2.3"\n[tool.comfy]\nname = "x"\n')
        facts = pack.describe_pack(os.path.join(self.base, "pack"))
        line = ("100644 %s __init__.py\n" % sha256(b"code")).encode()
        self.assertEqual(facts, {"registry": "my-pack@1.2.3", "tree": "sha256:" + sha256(line)})


class Source(unittest.TestCase):
    def test_it_is_written_for_python_3_9(self):
        with open(PACK, encoding="utf-8") as file:
            ast.parse(file.read(), feature_version=(3, 9))


class Machine(unittest.TestCase):
    def test_what_a_library_does_not_have_is_left_out(self):
        facts = pack.machine_facts(types.SimpleNamespace(__version__="2.9.1"), types.SimpleNamespace())
        self.assertEqual((facts["python"], facts["torch"]), (sys.version, "2.9.1"))
        self.assertNotIn("driver", facts)
        self.assertEqual(pack.numeric_flags(types.SimpleNamespace(get_num_threads=lambda: 2), None), {"threads": "2"})

    def test_no_environment_variable_is_told(self):
        os.environ["GIT_COMFY_TEST_SECRET"] = "s3cr3t-value"
        facts = pack.machine_facts(types.SimpleNamespace(), types.SimpleNamespace())
        self.assertNotIn("s3cr3t-value", json.dumps(facts))


if __name__ == "__main__":
    unittest.main()
