"""git comfy's capture pack: tells what decides a picture and HTTP alone cannot tell. It adds no node and changes no picture.

GET /gitcomfy/environment, POST /gitcomfy/hash, and a journal of every run in <user folder>/__gitcomfy/journal.jsonl.
Everything here is the standard library. Whatever goes wrong is logged once and hinders nothing; delete the folder to remove it.
What it serves, the journal's lines and what stays private: docs/capture-pack.md of git comfy.
"""

import collections
import functools
import hashlib
import inspect
import json
import logging
import os
import platform
import re
import struct
import sys
import threading
import time
import urllib.parse

VERSION = "1.0.0"
NODE_CLASS_MAPPINGS = {}
FOLDER = "__gitcomfy"  # ComfyUI serves no user folder that begins so
CHUNK = 4 * 1024 * 1024
MAX_BODY = 256 * 1024
MAX_ASKED = 512
MAX_JOURNAL = 8 * 1024 * 1024
MAX_JOURNALS = 32
MAX_WAITING = 4096
EMBEDDINGS = ("", ".safetensors", ".pt", ".bin")  # as ComfyUI tries them

_said = set()


def guarded(function, *args):
    """Calls it; an exception is logged once a function, and nothing of it reaches ComfyUI."""
    try:
        return function(*args)
    except Exception as error:
        name = getattr(function, "__name__", "?")
        if name not in _said:
            _said.add(name)
            logging.warning("git comfy capture pack: %s: %s: %s", name, type(error).__name__, error)
        return None


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest_of(text):
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_text(path, most=1024 * 1024):
    try:
        with open(path, "rb") as file:
            return file.read(most).decode("utf-8", "replace")
    except OSError:
        return None


def inside(path, root):
    """Whether a path, links followed, is below a folder."""
    real, top = os.path.realpath(path), os.path.realpath(root)
    return os.path.normcase(real).startswith(os.path.normcase(top.rstrip(os.sep) + os.sep))


# --- Requests ---------------------------------------------------------------------------------------------------------


def is_foreign(headers):
    """A request that a browser sends for a page of another site: its answer is nobody's business there."""
    if headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("Origin")
    if origin is None:
        return False
    site = urllib.parse.urlsplit(origin).netloc.lower()
    return site == "" or site != headers.get("Host", "").lower()


def asked_models(text):
    """The (folder, name) pairs of a request body. Raises ValueError for anything else."""
    body = json.loads(text)
    models = body.get("models") if isinstance(body, dict) else None
    if not isinstance(models, list) or len(models) > MAX_ASKED:
        raise ValueError("models: a list of at most %d" % MAX_ASKED)
    pairs = []
    for model in models:
        folder, name = (model.get("folder"), model.get("name")) if isinstance(model, dict) else (None, None)
        if not isinstance(folder, str) or not isinstance(name, str):
            raise ValueError("each model has a folder and a name")
        pairs.append((folder, name))
    return pairs


# --- What is installed ------------------------------------------------------------------------------------------------

PRIVATE = re.compile(
    r"director|path|root|url|file|key|cert|token|secret|passw|auth|credential|listen|port$|header|host|config|database|front-end|api-base|proxy"
)


def plain_arguments(argv):
    """The server's arguments without what is private: values of folders, addresses and credentials, and whatever looks like one."""
    kept, hidden = [], False
    for word in argv:
        if word.startswith("--"):
            option, _, value = word.partition("=")
            hidden = PRIVATE.search(option) is not None
            if not hidden:
                kept.append(word if is_plain(value) else option)
        elif not hidden and is_plain(word):
            kept.append(word)
    return kept


def is_plain(word):
    return re.fullmatch(r"[A-Za-z0-9_.,-]{0,24}", word) is not None


def installed_packages():
    """Names as pip normalises them, with versions; of two of one name the first on the path counts, as for import."""
    from importlib import metadata

    found = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), str(distribution.version))
    return dict(sorted(found.items()))


def without_credentials(url):
    return re.sub(r"^(\w+://)[^/@]*@", r"\1", url)


def git_facts(root):
    """Commit, origin and whether tracked files differ from the index. git is not started, and nothing of the clone runs."""
    git = os.path.join(root, ".git")
    if os.path.isfile(git):
        linked = re.match(r"gitdir: (.+)", read_text(git) or "")
        git = os.path.join(root, linked.group(1).strip()) if linked else git
    common = os.path.join(git, (read_text(os.path.join(git, "commondir")) or ".").strip())
    facts = {}
    commit = head_commit(git, common)
    if commit:
        facts["commit"] = commit
    section = re.search(r'\[remote "origin"\]([^\[]*)', read_text(os.path.join(common, "config")) or "")
    url = re.search(r"^\s*url\s*=\s*(\S+)\s*$", section.group(1), re.M) if section else None
    # A folder of this machine is nobody's business.
    if url and re.match(r"(https?|ssh|git)://|[\w.-]+@[\w.-]+:", url.group(1)):
        facts["repository"] = without_credentials(url.group(1))
    edited = guarded(is_edited, root, os.path.join(git, "index"))
    if edited is not None:
        facts["edited"] = edited
    return facts


def head_commit(git, common):
    head = (read_text(os.path.join(git, "HEAD")) or "").strip()
    if head.startswith("ref: "):
        ref = head[5:]
        if ".." in ref or ref.startswith("/"):
            return None
        packed = re.search(r"^([0-9a-f]+) %s$" % re.escape(ref), read_text(os.path.join(common, "packed-refs"), 1 << 26) or "", re.M)
        loose = read_text(os.path.join(git, ref)) or read_text(os.path.join(common, ref))
        head = (loose or (packed.group(1) if packed else "")).strip()
    return head if re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", head) else None


def is_edited(root, index):
    """Whether a tracked file is not what the index says; None where that cannot be told (index formats 2 and 3, SHA-1)."""
    with open(index, "rb") as file:
        data = file.read(1 << 26)
    signature, version, count = struct.unpack(">4sII", data[:12])
    if signature != b"DIRC" or version not in (2, 3) or count > 20000:
        return None
    at = 12
    for _ in range(count):
        fields = struct.unpack(">10I20sH", data[at : at + 62])
        extended = version == 3 and fields[11] & 0x4000
        start = at + (64 if extended else 62)
        end = data.index(b"\0", start)
        skipped = fields[11] & 0x8000 or (extended and data[at + 62] & 0x40)
        if not skipped and differs(os.path.join(os.fsencode(root), data[start:end]), fields):
            return True
        at += (end - at + 8) // 8 * 8
    return False


def differs(path, fields):
    """Size and time as they were added mean that it is the same; otherwise its content says."""
    try:
        info = os.lstat(path)
        seconds, nanoseconds = divmod(info.st_mtime_ns, 1_000_000_000)
        same_time = seconds == fields[2] and fields[3] in (0, nanoseconds)
        if fields[6] == 0o160000 or (same_time and info.st_size & 0xFFFFFFFF == fields[9]):
            return False
        if os.path.islink(path):
            content = os.readlink(path)
        else:
            with open(path, "rb") as file:
                content = file.read(1 << 26)
    except OSError:
        return True
    return all(blob_id(text) != fields[10] for text in (content, content.replace(b"\r\n", b"\n")))


def blob_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).digest()


def tree_digest(root, names):
    """As git comfy has it: SHA-256 over lines `<mode> <sha256> <path>`, by path bytes. None for a folder that holds more than code."""
    whole, left = hashlib.sha256(), 256 * 1024 * 1024
    for name in sorted(set(names), key=os.fsencode):
        path = os.path.join(root, name)
        mode, content = "000000", None
        if os.path.islink(path):
            mode, content = "120000", os.fsencode(os.readlink(path))
        elif os.path.isfile(path):
            left -= os.path.getsize(path)
            if left < 0:
                return None
            with open(path, "rb") as file:
                content = file.read()
            mode = "100755" if os.stat(path).st_mode & 0o111 else "100644"
        sha = "deleted" if content is None else hashlib.sha256(content).hexdigest()
        whole.update(("%s %s %s\n" % (mode, sha, name)).encode("utf-8", "surrogateescape"))
    return "sha256:" + whole.hexdigest()


def files_below(root):
    found = []
    for at, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        linked = [name for name in folders if os.path.islink(os.path.join(at, name))]
        found += [os.path.relpath(os.path.join(at, name), root).replace(os.sep, "/") for name in names + linked if not name.endswith(".pyc")]
        if len(found) > 5000:
            return None
    return found


def describe_pack(path):
    """What identifies a pack: its commit, else a digest of its files, with its name in the registry."""
    if os.path.isfile(path):
        with open(path, "rb") as file:
            return {"tree": "sha256:" + hashlib.sha256(file.read()).hexdigest()}
    if os.path.exists(os.path.join(path, ".git")):
        return git_facts(path)
    tracking = read_text(os.path.join(path, ".tracking"), 1 << 24)
    listed = [name.replace("\\", "/") for name in re.split(r"\r?\n", tracking or "")]
    sound = [name for name in listed if name and not name.startswith("/") and not name.endswith("/") and ".." not in name.split("/") and ":" not in name[:2]]
    names = files_below(path) if tracking is None else sound
    tree = tree_digest(path, names) if names is not None and len(names) <= 20000 else None
    facts = {"tree": tree} if tree else {}
    project = re.search(r"^\[project\]([\s\S]*?)(?=^\[|\Z)", read_text(os.path.join(path, "pyproject.toml")) or "", re.M)
    said = [re.search(r'^%s\s*=\s*["\']([\w.+-]+)["\']' % key, project.group(1), re.M) if project else None for key in ("name", "version")]
    if tracking is not None and said[0]:
        facts["registry"] = "%s@%s" % (said[0].group(1), said[1].group(1) if said[1] else "unknown")
    return facts


def describe_packs(roots):
    packs = {}
    for root in roots:
        for entry in sorted(os.listdir(root)) if os.path.isdir(root) else []:
            path = os.path.join(root, entry)
            name = entry if os.path.isdir(path) else entry[:-3] if entry.endswith(".py") else None
            if name and name not in packs and entry not in ("__pycache__", "websocket_image_save.py") and not entry.endswith(".disabled"):
                packs[name] = guarded(describe_pack, path) or {}
    return packs


# --- The machine ------------------------------------------------------------------------------------------------------


def attempt(function):
    """A value that this version of a library may not have."""
    try:
        return function()
    except Exception:
        return None


def known(facts):
    return {name: value for name, value in facts.items() if value is not None and value != ""}


def cpu_name(torch):
    lines = re.search(r"^model name\s*:\s*(.+)$", read_text("/proc/cpuinfo") or "", re.M)
    name = lines.group(1) if lines else platform.processor() or platform.machine()
    capability = attempt(lambda: torch.backends.cpu.get_cpu_capability())
    return "%s (%s)" % (name, capability) if capability else name


def nvidia_driver():
    """From the driver's own library; the same that nvidia-smi asks."""
    import ctypes

    library = ctypes.CDLL("nvml.dll" if os.name == "nt" else "libnvidia-ml.so.1")
    text = ctypes.create_string_buffer(96)
    library.nvmlInit_v2()
    try:
        failed = library.nvmlSystemGetDriverVersion(text, ctypes.c_uint(96))
    finally:
        library.nvmlShutdown()
    return None if failed else "NVIDIA " + text.value.decode("ascii", "replace")


def gpu_driver(torch, device):
    if device == "cpu":
        return None
    amd = (read_text("/sys/module/amdgpu/version") or "").strip() or None
    return "amdgpu " + amd if amd and attempt(lambda: torch.version.hip) else attempt(nvidia_driver)


def machine_facts(torch, model_management):
    """What stays the same while the server runs."""
    device = attempt(lambda: model_management.get_torch_device())
    cudnn = attempt(lambda: torch.backends.cudnn.version())
    return known(
        {
            "python": sys.version,
            "packages": installed_packages(),
            "os": sys.platform,
            "system": platform.platform(),
            "cpu": cpu_name(torch),
            "torch": attempt(lambda: str(torch.__version__)),
            "cuda": attempt(lambda: torch.version.cuda),
            "rocm": attempt(lambda: torch.version.hip),
            "cudnn": None if cudnn is None else str(cudnn),
            "driver": attempt(lambda: gpu_driver(torch, device.type)),
            "device": attempt(lambda: str(model_management.get_torch_device_name(device))),
            "vramTotal": attempt(lambda: int(model_management.get_total_memory(device))),
            "arguments": plain_arguments(sys.argv[1:]),
        }
    )


def numeric_flags(torch, model_management):
    """What packs and nodes can switch at any time, and what changes pixels: asked at every run. Values are text."""
    attention = sys.modules.get("comfy.ldm.modules.attention")
    asked = {
        "cudnn.deterministic": lambda: torch.backends.cudnn.deterministic,
        "cudnn.benchmark": lambda: torch.backends.cudnn.benchmark,
        "cudnn.allow_tf32": lambda: torch.backends.cudnn.allow_tf32,
        "matmul.allow_tf32": lambda: torch.backends.cuda.matmul.allow_tf32,
        "matmul.allow_fp16_reduced_precision": lambda: torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction,
        "float32_matmul_precision": lambda: torch.get_float32_matmul_precision(),
        "deterministic_algorithms": lambda: torch.are_deterministic_algorithms_enabled(),
        "threads": lambda: torch.get_num_threads(),
        "interop_threads": lambda: torch.get_num_interop_threads(),
        "attention": lambda: attention.optimized_attention.__name__,
        "vae_dtype": lambda: model_management.vae_dtype(),
        "text_encoder_dtype": lambda: model_management.text_encoder_dtype(),
        "fp16": lambda: model_management.should_use_fp16(),
        "bf16": lambda: model_management.should_use_bf16(),
        "vram_state": lambda: model_management.vram_state.name,
    }
    values = known({name: attempt(ask) for name, ask in asked.items()})
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in values.items()}


# --- Hashes of model files --------------------------------------------------------------------------------------------


def identity_of(path):
    """What tells, without reading it, that a file is still the same."""
    info = os.stat(path)
    return [info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino]


def hash_file(path, pause=lambda: None, told=lambda count: None):
    """SHA-256 of a file, and of what follows the header of a safetensors file. `pause` is called between reads."""
    whole, tensors, left = hashlib.sha256(), None, None
    with open(path, "rb") as file:
        while True:
            chunk = file.read(CHUNK)
            if not chunk:
                break
            if left is None and path.lower().endswith((".safetensors", ".sft")) and len(chunk) > 8:
                left, tensors = 8 + int.from_bytes(chunk[:8], "little"), hashlib.sha256()
            whole.update(chunk)
            if tensors is not None:
                tensors.update(chunk[min(left, len(chunk)) :])
                left -= min(left, len(chunk))
            told(len(chunk))
            pause()
    hashes = {"sha256": whole.hexdigest()}
    if tensors is not None and left == 0:
        hashes["tensors"] = tensors.hexdigest()
    return hashes


class HashCache:
    """Hashes by path and identity, one JSON line each; deleting the file costs time only."""

    def __init__(self, path):
        self.path, self.known = path, {}
        for line in (read_text(path, 1 << 26) or "").split("\n"):
            entry = attempt(lambda text=line: json.loads(text))
            if isinstance(entry, dict) and isinstance(entry.get("path"), str) and isinstance(entry.get("hashes"), dict):
                self.known[entry["path"]] = (entry.get("identity"), entry["hashes"])

    def get(self, path, identity):
        found = self.known.get(path)
        return found[1] if found and found[0] == identity else None

    def put(self, path, identity, hashes):
        # A file that was just written may be written again within the clock's step, and would look the same.
        if abs(time.time_ns() - identity[2]) > 2_000_000_000:
            self.known[path] = (identity, hashes)
            append_lines(self.path, [{"path": path, "identity": identity, "hashes": hashes}])


def append_lines(path, documents):
    """In one write, on a line of its own also after one that a kill cut short."""
    text = "".join(json.dumps(document, separators=(",", ":"), default=str) + "\n" for document in documents)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        size = os.fstat(file).st_size
        if size > 0:
            os.lseek(file, size - 1, os.SEEK_SET)
            text = text if os.read(file, 1) == b"\n" else "\n" + text
        os.write(file, text.encode("ascii"))
        os.fsync(file)
    finally:
        os.close(file)


# --- The journal ------------------------------------------------------------------------------------------------------


class Journal:
    """JSON lines of the kinds `environment`, `prompt`, `run` and `hashes`; the first two once a file, named by their digest."""

    def __init__(self, folder):
        self.folder, self.path = folder, os.path.join(folder, "journal.jsonl")
        self.written, self.inode = set(), None

    def append(self, documents):
        self.rotate()
        inode = attempt(lambda: os.stat(self.path).st_ino)
        if inode is None or inode != self.inode:
            self.written = set()
        fresh = [document for document in documents if document.get("id") not in self.written]
        append_lines(self.path, fresh)
        self.inode = os.stat(self.path).st_ino
        self.written.update(document["id"] for document in fresh if "id" in document)

    def rotate(self):
        if (attempt(lambda: os.path.getsize(self.path)) or 0) < MAX_JOURNAL:
            return
        now = time.time_ns()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now // 10**9))
        os.replace(self.path, os.path.join(self.folder, "journal-%s-%09d.jsonl" % (stamp, now % 10**9)))
        old = sorted(name for name in os.listdir(self.folder) if re.fullmatch(r"journal-.+\.jsonl", name))
        for name in old[: -MAX_JOURNALS]:
            os.remove(os.path.join(self.folder, name))

    def unfinished(self):
        """Model files by key of runs whose hashes a kill cut short: prompt id -> key -> identity."""
        runs = {}
        for line in (read_text(self.path, 2 * MAX_JOURNAL) or "").split("\n"):
            entry = attempt(lambda text=line: json.loads(text))
            if isinstance(entry, dict) and entry.get("kind") == "run":
                open_ones = {key: model.get("identity") for key, model in entry["models"].items() if "sha256" not in model}
                runs[entry["prompt_id"]] = open_ones
            elif isinstance(entry, dict) and entry.get("kind") == "hashes":
                runs.pop(entry["prompt_id"], None)
        return {run: models for run, models in runs.items() if models}


class Run:
    """One run while it goes on."""

    def __init__(self, item):
        self.prompt_id, self.prompt = item[1], item[2]
        extra = item[3] if len(item) > 3 and isinstance(item[3], dict) else {}
        embedded = extra.get("extra_pnginfo")
        self.workflow = embedded.get("workflow") if isinstance(embedded, dict) else None
        self.thread, self.start, self.end = threading.get_ident(), time.time(), None
        self.order, self.models, self.inputs = [], {}, {}
        self.text = "\n".join(strings_in(self.prompt)).replace("\\", "/")
        self.outputs, self.cached, self.status, self.flags = [], [], "success", {}


def prompt_document(run):
    """The prompt as queued: what ComfyUI notes in it while it runs is left out."""
    prompt = {id: {key: value for key, value in node.items() if key != "is_changed"} for id, node in run.prompt.items()}
    document = {"prompt": prompt} if run.workflow is None else {"prompt": prompt, "workflow": run.workflow}
    return dict(journal=1, kind="prompt", id=digest_of(canonical(document)), **document)


def files_of(outputs):
    """The files that output nodes reported: node, position and name below the output folder."""
    found = []
    for node, reported in (outputs or {}).items():
        for entries in reported.values() if isinstance(reported, dict) else []:
            for index, entry in enumerate(entries if isinstance(entries, (list, tuple)) else []):
                if isinstance(entry, dict) and entry.get("type") == "output" and isinstance(entry.get("filename"), str):
                    name = "/".join(filter(None, [str(entry.get("subfolder") or "").replace("\\", "/"), entry["filename"]]))
                    found.append({"node": str(node), "index": index, "name": name})
    return found


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


class Capture:
    """The pack at work: hooks note what runs, one thread of its own does all that takes time."""

    def __init__(self, folder_paths, torch, model_management, class_mappings, comfyui):
        self.paths, self.torch, self.management = folder_paths, torch, model_management
        self.classes, self.comfyui_root, self.comfyui_version = class_mappings, comfyui[0], comfyui[1]
        folder = os.path.join(folder_paths.get_user_directory(), FOLDER)
        self.cache, self.journal = HashCache(os.path.join(folder, "hashes.jsonl")), Journal(folder)
        self.runs, self.loaded = {}, {}
        self.lock, self.wake, self.looked = threading.Lock(), threading.Event(), threading.Event()
        self.finished, self.waiting = collections.deque(), collections.OrderedDict()
        self.progress, self.unreadable = {}, {}
        self.machine = self.packs = self.comfyui = None

    # What the hooks call; each takes well below a millisecond.

    def begin(self, found):
        if found is not None:
            item, item_id = found
            self.runs[item_id] = Run(item)

    def current(self):
        thread = threading.get_ident()
        return next((run for run in list(self.runs.values()) if run.thread == thread), None)

    def load(self, folder, name, path):
        """A file that a node asked for by its name. Some packs ask for every file that there is: only what the prompt names counts."""
        run = self.current()
        if run is not None and path is not None and isinstance(name, str):
            if os.path.splitext(os.path.basename(name.replace("\\", "/")))[0] in run.text:
                self.note(run, folder, name, path)

    def note(self, run, folder, name, path):
        legacy = getattr(self.paths, "map_legacy", lambda same: same)
        key = "%s/%s" % (legacy(folder), name.replace("\\", "/"))
        if folder in ("custom_nodes", "configs") or not os.path.isfile(path) or len(run.models) >= MAX_ASKED:
            return
        run.models[key] = (path, identity_of(path))
        self.loaded.setdefault(name, {})[key] = run.models[key]

    def read(self, path):
        """A file that ComfyUI's own loader opened, whoever found it."""
        run = self.current()
        if run is None or not isinstance(path, str) or any(path == other for other, _ in run.models.values()):
            return
        for folder, roots in list(self.paths.folder_names_and_paths.items()):
            for root in roots[0]:
                if folder != "custom_nodes" and os.path.abspath(path).startswith(os.path.abspath(root) + os.sep):
                    return self.note(run, folder, os.path.relpath(path, root), path)

    def take_input(self, name, path):
        run = self.current()
        if run is not None and isinstance(name, str) and os.path.isfile(path):
            run.inputs[re.sub(r" ?\[input\]$", "", name).replace("\\", "/")] = (path, identity_of(path))

    def node_done(self, node):
        run = self.current()
        if run is not None and node in run.prompt:
            run.order.append(node)

    def end(self, item_id, result, status):
        run = self.runs.pop(item_id, None)
        if run is None:
            return
        run.end = time.time()
        run.flags = numeric_flags(self.torch, self.management)
        outputs = result.get("outputs", result) if isinstance(result, dict) else {}
        run.outputs, run.status = files_of(outputs), getattr(status, "status_str", "success")
        for event, data in getattr(status, "messages", None) or []:
            if event == "execution_cached":
                run.cached = list(data.get("nodes", []))
        for node in run.cached:
            # Loaded by an earlier run, and what was loaded then is what took part.
            for text in strings_in(run.prompt.get(node, {}).get("inputs")):
                for key, file in self.loaded.get(text, {}).items():
                    run.models.setdefault(key, file)
        self.finished.append(run)
        self.wake.set()

    # What the thread does.

    def work(self):
        guarded(self.look)
        self.looked.set()
        guarded(self.resume)
        while True:
            self.wake.wait()
            self.wake.clear()
            self.write_finished()
            while self.waiting:
                path = next(iter(self.waiting))
                guarded(self.hash_waiting, path)
                with self.lock:
                    told = self.waiting.pop(path, [])
                    self.progress.pop(path, None)
                for done in told:
                    guarded(done)
                self.write_finished()

    def look(self):
        """Read at the start: what runs is what was there then."""
        version = {"comfyui": self.comfyui_version} if self.comfyui_version else {}
        self.machine = dict(guarded(machine_facts, self.torch, self.management) or {}, **version)
        is_clone = os.path.exists(os.path.join(self.comfyui_root, ".git"))
        self.comfyui = (guarded(git_facts, self.comfyui_root) if is_clone else None) or {}
        self.packs = guarded(describe_packs, self.paths.get_folder_paths("custom_nodes")) or {}

    def resume(self):
        for prompt_id, models in self.journal.unfinished().items():
            files = {}
            for key, identity in models.items():
                folder, _, name = key.partition("/")
                path = self.paths.get_full_path(folder, name)
                if path is not None and identity_of(path) == identity:
                    files[key] = (path, identity)
            self.complete(prompt_id, files, set(models) - set(files))

    def pause(self):
        """Between two reads: finished runs come first, and a run that goes on gets most of the disk."""
        self.write_finished()
        if self.runs:
            time.sleep(0.05)

    def write_finished(self):
        while self.finished:
            guarded(self.write_run, self.finished.popleft())

    def hash_waiting(self, path):
        real = os.path.realpath(path)
        before = identity_of(real)
        self.progress[path] = [0, before[0]]

        def told(count):
            self.progress[path][0] += count

        if self.cache.get(real, before) is None:
            self.unreadable[path] = before
            hashes = hash_file(real, self.pause, told)
            del self.unreadable[path]
            if identity_of(real) == before:
                self.cache.put(real, before, hashes)
                # Also a file too young for the cache's file is not read twice by this server.
                self.cache.known[real] = (before, hashes)

    def known_hashes(self, path, identity):
        return self.cache.get(os.path.realpath(path), identity)

    def queue(self, path, done=None):
        with self.lock:
            if path in self.waiting or len(self.waiting) < MAX_WAITING:
                told = self.waiting.setdefault(path, [])
                if done is not None:
                    told.append(done)
        self.wake.set()

    def environment(self, flags):
        return dict(self.machine or {}, flags=flags)

    def write_run(self, run):
        environment = self.environment(run.flags)
        prompt = prompt_document(run)
        guarded(embeddings_of, self, run)
        models = {key: self.model_entry(path, identity) for key, (path, identity) in run.models.items()}
        about = dict(journal=1, kind="environment", id=digest_of(canonical(environment)), pack=VERSION, environment=environment)
        line = {
            "journal": 1,
            "kind": "run",
            "prompt_id": run.prompt_id,
            "status": run.status,
            "start": int(run.start * 1000),
            "end": int(run.end * 1000),
            "prompt": prompt["id"],
            "environment": about["id"],
            "order": run.order,
            "cached": run.cached,
            "models": models,
            "inputs": {key: self.input_entry(*file) for key, file in run.inputs.items()},
            "packs": self.packs_of(run.prompt),
            "comfyui": dict(self.comfyui or {}, **({"version": self.comfyui_version} if self.comfyui_version else {})),
            "outputs": [dict(output, **(guarded(self.output_entry, output["name"]) or {})) for output in run.outputs],
        }
        self.journal.append([about, prompt, line])
        self.complete(run.prompt_id, {key: run.models[key] for key, model in models.items() if "sha256" not in model})

    def model_entry(self, path, identity):
        return dict(self.known_hashes(path, identity) or {}, size=identity[0], identity=identity)

    def input_entry(self, path, identity):
        known_ones = self.known_hashes(path, identity) or (hash_file(path) if identity[0] <= 256 * 1024 * 1024 else {})
        same = identity_of(path) == identity
        return dict(known_ones if same else {}, size=identity[0])

    def output_entry(self, name):
        folder = self.paths.get_output_directory()
        path = os.path.join(folder, name)
        if not inside(path, folder) or not os.path.isfile(path):
            return {}
        return {"size": os.path.getsize(path), "sha256": hash_file(path)["sha256"]}

    def packs_of(self, prompt):
        names = set()
        for node in prompt.values():
            module = getattr(self.classes.get(node.get("class_type")), "RELATIVE_PYTHON_MODULE", None) or ""
            if module.startswith("custom_nodes."):
                names.add(module[len("custom_nodes.") :])
        return {name: (self.packs or {}).get(name, {}) for name in sorted(names - {"websocket_image_save"})}

    def complete(self, prompt_id, files, lost=()):
        """Hashes in the background what was not known when the run ended, then says it in a line of its own."""
        left = set(files)

        def one_done(key):
            left.discard(key)
            if not left:
                # A file that is no longer what was loaded stays without a hash.
                models = {key: self.known_hashes(*file) or {"changed": True} for key, file in files.items()}
                models.update({key: {"changed": True} for key in lost})
                self.journal.append([{"journal": 1, "kind": "hashes", "prompt_id": prompt_id, "models": models}])

        for key, (path, _) in files.items():
            self.queue(path, functools.partial(one_done, key))
        if lost and not files:
            one_done(None)

    # What the requests ask.

    def answer_environment(self):
        self.looked.wait(20)
        if self.packs is None:
            return None
        environment = self.environment(numeric_flags(self.torch, self.management))
        code = {"comfyui": dict(self.comfyui), "packs": self.packs}
        return dict(pack=VERSION, digest=digest_of(canonical(environment)), environment=environment, **code)

    def answer_hashes(self, pairs):
        return {"models": [dict(folder=folder, name=name, **(guarded(self.hash_state, folder, name) or {"state": "missing"})) for folder, name in pairs]}

    def hash_state(self, folder, name):
        roots = self.model_roots(folder)
        endings = EMBEDDINGS if folder == "embeddings" else ("",)
        found = [self.paths.get_full_path(folder, name + ending) for ending in endings] if roots and not os.path.isabs(name) else []
        path = next(filter(None, found), None)
        if path is None or not os.path.isfile(path):
            return {"state": "missing"}
        if not any(inside(path, root) for root in self.model_roots()):
            return {"state": "outside"}
        identity = identity_of(os.path.realpath(path))
        hashes = self.known_hashes(path, identity)
        if hashes is not None:
            return dict(hashes, state="done", size=identity[0])
        if self.unreadable.get(path) == identity and path not in self.waiting:
            return {"state": "unreadable"}
        self.queue(path)
        return {"state": "pending", "size": identity[0], "done": (self.progress.get(path) or [0])[0]}

    def model_roots(self, folder=None):
        folders = {name: roots[0] for name, roots in list(self.paths.folder_names_and_paths.items()) if name not in ("custom_nodes", "configs")}
        legacy = getattr(self.paths, "map_legacy", lambda same: same)
        return [root for roots in folders.values() for root in roots] if folder is None else folders.get(legacy(folder), [])


def embeddings_of(capture, run):
    """Embeddings are found by the text encoder itself, from their names in a prompt's text."""
    for id, node in run.prompt.items():
        for name in {name for text in strings_in(node) for name in re.findall(r"embedding:([^\s,():]+)", text)}:
            files = capture.loaded.get("embedding:" + name) if id in run.cached else embedding_files(capture, name)
            for key, file in (files or {}).items():
                run.models.setdefault(key, file)


def embedding_files(capture, name):
    """The first that is there, as ComfyUI looks for it; remembered for runs that take the text from the cache."""
    for root in capture.model_roots("embeddings"):
        for ending in EMBEDDINGS:
            path = os.path.join(root, name + ending)
            if inside(path, root) and os.path.isfile(path):
                found = {"embeddings/" + name + ending: (path, identity_of(path))}
                capture.loaded["embedding:" + name] = found
                return found
    return {}


# --- Into ComfyUI -----------------------------------------------------------------------------------------------------


def hook(owner, name, after):
    """Lets `after(result, *args)` see every call of a function; the call itself is as it was."""
    original = getattr(owner, name)
    after.__name__ = name

    @functools.wraps(original)
    def hooked(*args, **kwargs):
        result = original(*args, **kwargs)
        guarded(after, result, args, kwargs)
        return result

    setattr(owner, name, hooked)


def hook_execute(execution, capture):
    """Order of the nodes: one that is in `executed` after its call and was not before has run."""
    original = execution.execute
    signature = inspect.signature(original)
    if not {"current_item", "executed"} <= set(signature.parameters):
        raise RuntimeError("this ComfyUI runs its nodes in another way; their order is not captured")

    def seen(arguments, was):
        if not was and arguments["current_item"] in arguments["executed"]:
            capture.node_done(arguments["current_item"])

    def look(args, kwargs):
        arguments = signature.bind(*args, **kwargs).arguments
        return arguments, arguments["current_item"] in arguments["executed"]

    @functools.wraps(original)
    async def later(*args, **kwargs):
        before = guarded(look, args, kwargs)
        result = await original(*args, **kwargs)
        if before:
            guarded(seen, *before)
        return result

    @functools.wraps(original)
    def at_once(*args, **kwargs):
        before = guarded(look, args, kwargs)
        result = original(*args, **kwargs)
        if before:
            guarded(seen, *before)
        return result

    execution.execute = later if inspect.iscoroutinefunction(original) else at_once


def argument(args, kwargs, at, name):
    return args[at] if len(args) > at else kwargs.get(name)


def install():
    import comfy.model_management
    import comfy.utils
    import execution
    import folder_paths
    import nodes
    import torch
    from aiohttp import web
    from server import PromptServer

    version = attempt(lambda: __import__("comfyui_version").__version__)
    root = os.path.dirname(os.path.abspath(folder_paths.__file__))
    capture = Capture(folder_paths, torch, comfy.model_management, nodes.NODE_CLASS_MAPPINGS, (root, version))
    queue = getattr(execution, "PromptQueue")
    hook(queue, "get", lambda found, args, kwargs: capture.begin(found))
    hook(queue, "task_done", lambda _, args, kwargs: capture.end(args[1], argument(args, kwargs, 2, "history_result"), argument(args, kwargs, 3, "status")))
    hook(folder_paths, "get_full_path", lambda path, args, kwargs: capture.load(argument(args, kwargs, 0, "folder_name"), argument(args, kwargs, 1, "filename"), path))
    hook(folder_paths, "get_annotated_filepath", lambda path, args, kwargs: capture.take_input(argument(args, kwargs, 0, "name"), path))
    hook(comfy.utils, "load_torch_file", lambda _, args, kwargs: capture.read(argument(args, kwargs, 0, "ckpt")))
    guarded(hook_execute, execution, capture)
    guarded(serve, PromptServer.instance.routes, web, capture)
    threading.Thread(target=capture.work, name="git-comfy-capture", daemon=True).start()


def serve(routes, web, capture):
    import asyncio

    def refuse(status, why):
        return web.json_response({"error": why}, status=status)

    @routes.get("/gitcomfy/environment")
    async def environment(request):
        if is_foreign(request.headers):
            return refuse(403, "asked for by a page of another site")
        answer = await asyncio.get_running_loop().run_in_executor(None, capture.answer_environment)
        return refuse(503, "still looking") if answer is None else web.json_response(answer)

    @routes.post("/gitcomfy/hash")
    async def hashes(request):
        if is_foreign(request.headers):
            return refuse(403, "asked for by a page of another site")
        # A form of another site cannot send this type without asking first.
        if request.content_type != "application/json":
            return refuse(415, "send application/json")
        body = b""
        while len(body) <= MAX_BODY:
            part = await request.content.read(MAX_BODY)
            if not part:
                break
            body += part
        if len(body) > MAX_BODY:
            return refuse(413, "at most %d bytes" % MAX_BODY)
        try:
            pairs = asked_models(body.decode("utf-8"))
        except (ValueError, RecursionError):
            return refuse(400, 'send {"models": [{"folder": "...", "name": "..."}]}, at most %d' % MAX_ASKED)
        return web.json_response(await asyncio.get_running_loop().run_in_executor(None, capture.answer_hashes, pairs))


if "folder_paths" in sys.modules:
    guarded(install)
