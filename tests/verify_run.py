#!/usr/bin/env python3
"""Verifies what a training or a sweep has left on disk, and compares two of them. Python 3 and its standard library; shares no code with the product.

    verify_run.py DIR...        recomputes every hash, reads every checkpoint and log; prints OK, or each problem with its place
    verify_run.py compare A B   whether two runs, or two sweeps, ended with the same bits, clocks and memory counters aside

Exit code 0 where all is well, 1 where there are problems, 2 for a wrong command line.
"""
import hashlib
import json
import math
import os
import re
import struct
import sys

CHECKPOINT = re.compile(r"step-([0-9]{10,18})(?:\.([0-9]{1,6}))?")
SET_ASIDE = re.compile(r"step-[0-9.]+\.corrupt(-[0-9]+)?")
REQUIRED_FILES = ("model.safetensors", "optimizer.safetensors", "state.json")
STATES = ("pending", "running", "interrupted", "completed", "diverged", "failed", "stopped")
ENDED = ("completed", "diverged", "failed", "stopped")
ELEMENT_BYTES = {"F64": 8, "I64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2, "U8": 1}
NAMED_NUMBERS = ("NaN", "Infinity", "-Infinity")
# What a clock, a memory counter or the machine's load has to do with.
MEASURED = ("imagesPerSecond", "peakMemoryBytes", "elapsedSeconds", "stepSeconds", "linesUntilSeconds", "arithmetic", "waitedShare", "waitedSeconds")
CLAIM = re.compile(r"([0-9]{4,})\.([0-9]{4,})\.(json|released)")
# What may come before each event of a worker's claim.
AFTER = {"claimed": (None,), "running": ("claimed",), "ended": ("claimed", "running"), "lost": ("claimed", "running", "ended")}
LOGS = ("metrics.jsonl", "gradient-norms.jsonl", "activations.jsonl")


class Problems:
    """What is wrong, and where."""

    def __init__(self):
        self.found = []

    def add(self, place, text):
        self.found.append(f"{place}: {text}")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def refuse_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError(f"a key occurs twice among {names}")
    return dict(pairs)


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def parse(content):
    return json.loads(content.decode("utf-8"), object_pairs_hook=refuse_duplicates, parse_constant=refuse_constant)


def read_object(path, problems):
    """The object of a JSON file; None, with a problem noted, where it holds something else."""
    try:
        value = parse(read(path))
    except (OSError, ValueError) as error:
        problems.add(path, f"cannot be read: {error}")
        return None
    if not isinstance(value, dict):
        problems.add(path, "holds no object")
        return None
    return value


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number(value):
    return (isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)) or value in NAMED_NUMBERS


# ---- safetensors


def read_tensors(path, problems):
    """Name, shape and element type of every tensor; None where the file is damaged."""
    content = read(path)
    if len(content) < 8:
        problems.add(path, "is too short for a header")
        return None
    (header_bytes,) = struct.unpack("<Q", content[:8])
    if header_bytes > len(content) - 8:
        problems.add(path, f"has a header of {header_bytes} bytes in a file of {len(content)}")
        return None
    try:
        header = parse(content[8:8 + header_bytes])
    except ValueError as error:
        problems.add(path, f"has a header that is no JSON: {error}")
        return None
    header.pop("__metadata__", None)
    tensors = {name: (entry["shape"], entry["dtype"]) for name, entry in header.items()}
    end = 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, after = entry["data_offsets"]
        size = ELEMENT_BYTES[entry["dtype"]] * math.prod(entry["shape"])
        if begin != end or after - begin != size:
            problems.add(path, f"{name} lies at {begin} to {after}, where {size} bytes from {end} on are due")
            return None
        check_finite(path, name, entry["dtype"], content[8 + header_bytes + begin:8 + header_bytes + after], problems)
        end = after
    if 8 + header_bytes + end != len(content):
        problems.add(path, f"is {len(content)} bytes long; its tensors end at {8 + header_bytes + end}")
    return tensors


def check_finite(path, name, dtype, data, problems):
    if dtype in ("F32", "F64"):
        values = struct.unpack(f"<{len(data) // ELEMENT_BYTES[dtype]}{'f' if dtype == 'F32' else 'd'}", data)
        if not all(map(math.isfinite, values)):
            problems.add(path, f"{name} holds what is not finite")


# ---- checkpoints


def check_checkpoint(folder, run, config_hash, problems):
    path = os.path.join(folder, "manifest.json")
    manifest = read_object(path, problems)
    if manifest is None:
        return None
    if manifest.get("schema") != 1:
        problems.add(path, f"has schema {manifest.get('schema')}")
        return None
    check_own_hash(path, manifest, problems)
    step = manifest["step"]
    if step != int(CHECKPOINT.fullmatch(os.path.basename(folder)).group(1)):
        problems.add(path, f"is of step {step}")
    if config_hash is not None and manifest["configHash"] != config_hash:
        problems.add(path, "is of another configuration than config.json")
    listed = {file["name"] for file in manifest["files"]}
    for name in sorted(set(REQUIRED_FILES) - listed):
        problems.add(path, f"does not list {name}")
    for name in sorted(set(os.listdir(folder)) - listed - {"manifest.json"}):
        problems.add(os.path.join(folder, name), "is not listed in the manifest")
    for file in manifest["files"]:
        check_file(folder, file, problems)
    for log in manifest["logs"]:
        check_log_length(run, folder, log, problems)
    check_contents(folder, listed, step, problems)
    return step


def check_own_hash(path, manifest, problems):
    text = read(path).decode("utf-8")
    own = manifest.get("sha256", "")
    before, found, after = text.rpartition(f'"sha256": "{own}"')
    if not found or sha256((before + '"sha256": ""' + after).encode("utf-8")) != own:
        problems.add(path, "does not match its own checksum")


def check_file(folder, file, problems):
    path = os.path.join(folder, file["name"])
    if not os.path.isfile(path):
        problems.add(path, "is missing")
        return
    content = read(path)
    if len(content) != file["bytes"]:
        problems.add(path, f"is {len(content)} bytes long where {file['bytes']} were written")
    elif sha256(content) != file["sha256"]:
        problems.add(path, "does not match its checksum")


def check_log_length(run, folder, log, problems):
    path = os.path.join(run, log["name"])
    length = log["bytes"]
    if length == 0:
        return
    if not os.path.isfile(path):
        problems.add(path, f"is missing; {folder} builds upon {length} bytes of it")
        return
    with open(path, "rb") as file:
        kept = file.read(length)
    if len(kept) < length:
        problems.add(path, f"is {len(kept)} bytes long; {folder} builds upon {length}")
    elif path.endswith(".jsonl") and kept[-1:] != b"\n":
        problems.add(path, f"{folder} ends in the middle of a line, at byte {length}")


def check_contents(folder, listed, step, problems):
    paths = {name: os.path.join(folder, name) for name in REQUIRED_FILES if name in listed and os.path.isfile(os.path.join(folder, name))}
    tensors = {name: read_tensors(path, problems) for name, path in paths.items() if name.endswith(".safetensors")}
    model, optimizer = tensors.get("model.safetensors"), tensors.get("optimizer.safetensors")
    if model and optimizer:
        for name, form in optimizer.items():
            if model.get(name.partition(".")[2]) != form:
                problems.add(paths["optimizer.safetensors"], f"{name} belongs to no parameter of the model")
    if "state.json" in paths:
        check_state(paths["state.json"], step, problems)


def check_state(path, step, problems):
    state = read_object(path, problems)
    if state is None:
        return
    position = state.get("position", {})
    if position.get("updates") != step:
        problems.add(path, f"stands at update {position.get('updates')}, the manifest at {step}")
    for name in ("epoch", "batch"):
        if not is_count(position.get(name)):
            problems.add(path, f"position.{name} is {position.get(name)}")
    for name in ("stepSeconds", "elapsedSeconds"):
        if not is_number(position.get(name)) or position[name] in NAMED_NUMBERS or position[name] < 0:
            problems.add(path, f"position.{name} is {position.get(name)}")


def check_checkpoints(run, config_hash, has_ended, problems):
    """Checks every checkpoint; returns the steps by folder."""
    root = os.path.join(run, "checkpoints")
    steps = {}
    if not os.path.isdir(root):
        return steps
    for name in sorted(os.listdir(root)):
        path = os.path.join(root, name)
        if CHECKPOINT.fullmatch(name) and os.path.isdir(path):
            try:
                steps[name] = check_checkpoint(path, run, config_hash, problems)
            except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
                steps[name] = None
                problems.add(path, f"holds what is not understood: {error!r}")
        elif name.startswith(".tmp-") or name.endswith(".tmp"):
            # A process that was killed leaves them, until the run goes on.
            if has_ended:
                problems.add(path, "was left behind")
        elif name not in ("latest", "best") and not SET_ASIDE.fullmatch(name):
            problems.add(path, "does not belong here")
    for pointer in ("latest", "best"):
        path = os.path.join(root, pointer)
        if os.path.isfile(path):
            name = read(path).decode("utf-8", "replace").rstrip("\n")
            if name not in steps:
                problems.add(path, f"names {name!r}, which is no checkpoint here")
    if steps and not os.path.isfile(os.path.join(root, "latest")) and has_ended:
        problems.add(root, "has checkpoints, but nothing says which is the latest")
    return steps


# ---- logs


def read_lines(path, is_open, problems):
    """The objects of a log; a last line cut off by a crash is passed over where the run has not ended."""
    lines = []
    content = read(path).split(b"\n")
    if content[-1] != b"" and not is_open:
        problems.add(f"{path}:{len(content)}", "the last line has no end")
    for number, text in enumerate(content, start=1):
        if number == len(content) and (text == b"" or is_open):
            break
        try:
            line = parse(text)
        except ValueError as error:
            problems.add(f"{path}:{number}", f"is no JSON: {error}")
            continue
        if isinstance(line, dict):
            lines.append((number, line))
        else:
            problems.add(f"{path}:{number}", "is no object")
    return lines


def check_metrics(path, is_open, problems):
    before, seen = None, set()
    for expected, (number, line) in enumerate(read_lines(path, is_open, problems)):
        place = f"{path}:{number}"
        if line.get("seq") != expected:
            problems.add(place, f"has seq {line.get('seq')} where {expected} is due")
        if not is_count(line.get("step")) or not is_number(line.get("epoch")):
            problems.add(place, f"has step {line.get('step')} and epoch {line.get('epoch')}")
            continue
        if before and (line["step"], line["epoch"]) < before:
            problems.add(place, f"goes back to step {line['step']}")
        before = (line["step"], line["epoch"])
        # Lines of versions before "averagedSteps" gave the last step of a diverging run the number of the one before it.
        key = (line["step"], line.get("split"))
        if key in seen and (line.get("split") == "test" or "averagedSteps" in line):
            problems.add(place, f"is a second line of step {key[0]} and split {key[1]}")
        seen.add(key)
        if line.get("split") not in ("train", "test"):
            problems.add(place, f"has split {line.get('split')}")
        for name in ("loss", "accuracy"):
            if not is_number(line.get(name)):
                problems.add(place, f"has {name} {line.get(name)}")
        if line.get("imagesPerSecond") is not None and not line["imagesPerSecond"] > 0:
            problems.add(place, f"has imagesPerSecond {line['imagesPerSecond']}")


def check_layers(path, header_key, value_keys, is_open, problems):
    """A log of one value a layer: names first, then lines of as many numbers, at steps that grow."""
    lines = read_lines(path, is_open, problems)
    if not lines:
        return
    names = lines[0][1].get(header_key)
    if not isinstance(names, list) or len(set(names)) != len(names):
        problems.add(f"{path}:1", f"names no {header_key}")
        return
    before = -1
    for number, line in lines[1:]:
        place = f"{path}:{number}"
        if not is_count(line.get("step")) or line["step"] <= before:
            problems.add(place, f"has step {line.get('step')} after {before}")
        before = line.get("step", before)
        for key in value_keys:
            values = line.get(key)
            if not isinstance(values, list) or len(values) != len(names) or not all(map(is_number, values)):
                problems.add(place, f"has other {key} than one number for each of {len(names)} {header_key}")


# ---- a run, a sweep


def check_run(run, problems):
    config = os.path.join(run, "config.json")
    config_hash = sha256(read(config)) if os.path.isfile(config) else None
    if config_hash is not None:
        read_object(config, problems)
    summary_file = os.path.join(run, "summary.json")
    has_ended = os.path.isfile(summary_file)
    steps = check_checkpoints(run, config_hash, has_ended, problems)
    status_file = os.path.join(run, "status.json")
    if os.path.isfile(status_file):
        status = read_object(status_file, problems)
        if status is not None and status.get("state") not in STATES:
            problems.add(status_file, f"has state {status.get('state')}")
    checks = {
        "metrics.jsonl": lambda path: check_metrics(path, not has_ended, problems),
        "gradient-norms.jsonl": lambda path: check_layers(path, "layers", ("norms",), not has_ended, problems),
        "activations.jsonl": lambda path: check_layers(path, "blocks", ("mean", "secondMoment"), not has_ended, problems),
    }
    for name, check in checks.items():
        if os.path.isfile(os.path.join(run, name)):
            check(os.path.join(run, name))
    if has_ended:
        check_summary(run, summary_file, steps, problems)
        for name in os.listdir(run):
            if name.startswith(".") and name.endswith(".tmp"):
                problems.add(os.path.join(run, name), "was left behind")


def check_summary(run, path, steps, problems):
    summary = read_object(path, problems)
    if summary is None:
        return
    if summary.get("state") not in ENDED:
        problems.add(path, f"has state {summary.get('state')}")
    if not is_count(summary.get("steps")):
        problems.add(path, f"has {summary.get('steps')} steps")
        return
    if any(step is not None and step > summary["steps"] for step in steps.values()):
        problems.add(path, f"ends at step {summary['steps']}, before a checkpoint")
    if summary.get("state") in ("completed", "stopped") and steps and max(step or 0 for step in steps.values()) != summary["steps"]:
        problems.add(path, f"ends at step {summary['steps']}, of which there is no checkpoint")
    best = summary.get("best")
    if best is not None and not (is_number(best.get("testAccuracy")) and best["testAccuracy"] not in NAMED_NUMBERS):
        problems.add(path, f"has a best accuracy of {best.get('testAccuracy')}")
    pointer = os.path.join(run, "checkpoints", "best")
    if best is not None and os.path.isfile(pointer) and steps.get(os.path.basename(named(run, "best"))) != best.get("step"):
        problems.add(pointer, f"names another checkpoint than that of step {best.get('step')}, which summary.json calls the best")
    pointer = os.path.join(run, "checkpoints", "latest")
    if os.path.isfile(pointer) and steps.get(os.path.basename(named(run, "latest"))) != max(step or 0 for step in steps.values()):
        problems.add(pointer, "names an older checkpoint than the newest")


def trials_of(sweep):
    folder = os.path.join(sweep, "trials")
    return sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))) if os.path.isdir(folder) else []


def check_sweep(sweep, problems):
    plan_file = os.path.join(sweep, "plan.jsonl")
    plan = read_lines(plan_file, False, problems)
    planned = [line.get("directory") for _, line in plan]
    for expected, (number, line) in enumerate(plan):
        if line.get("index") != expected:
            problems.add(f"{plan_file}:{number}", f"has index {line.get('index')} where {expected} is due")
    if len(set(planned)) != len(planned):
        problems.add(plan_file, "names a directory twice")
    for name in trials_of(sweep):
        if name not in planned:
            problems.add(os.path.join(sweep, "trials", name), "is not in the plan")
        check_run(os.path.join(sweep, "trials", name), problems)
    check_journals(sweep, len(plan), check_claims(sweep, len(plan), problems), problems)
    return len(trials_of(sweep))


def check_claims(sweep, trial_count, problems):
    """Checks who claimed what; returns the owner of every claim, by trial and generation."""
    root = os.path.join(sweep, "claims")
    owners, released = {}, []
    for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
        path = os.path.join(root, name)
        match = CLAIM.fullmatch(name)
        if match is None:
            if name not in ("workers", "stop"):
                problems.add(path, "does not belong here")
            continue
        claim = (int(match.group(1)), int(match.group(2)))
        if claim[0] >= trial_count:
            problems.add(path, f"claims a trial that is not among the {trial_count} of the plan")
        if match.group(3) == "released":
            released.append((path, claim))
        else:
            record = read_object(path, problems)
            owners[claim] = record.get("worker") if record else None
    for path, claim in released:
        if claim not in owners:
            problems.add(path, "gives up what nobody claimed")
    for trial, generation in owners:
        if generation > 1 and (trial, generation - 1) not in owners:
            problems.add(root, f"trial {trial} was claimed for the {generation}. time, but not for the time before")
    return owners


def check_journals(sweep, trial_count, owners, problems):
    """Every event belongs to a claim of its worker, in the order of a life, and no trial is completed twice."""
    root = os.path.join(sweep, "journal")
    completed = {}
    for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
        worker, before = name.removesuffix(".jsonl"), {}
        # A worker that was killed may leave a part of a line.
        for number, line in read_lines(os.path.join(root, name), True, problems):
            place = f"{os.path.join(root, name)}:{number}"
            event, claim = line.get("event"), (line.get("trial"), line.get("generation"))
            if not is_count(claim[0]) or claim[0] >= trial_count or event not in AFTER:
                problems.add(place, f"tells of the event {event} of trial {claim[0]}")
                continue
            if owners.get(claim) != worker:
                problems.add(place, f"tells of a claim ({claim[0]}, {claim[1]}) that is {owners.get(claim) or 'nobody'}'s")
            if before.get(claim) not in AFTER[event]:
                problems.add(place, f"tells that trial {claim[0]} is {event} after {before.get(claim)}")
            before[claim] = event
            if event == "ended" and line.get("state") == "completed":
                completed.setdefault(claim[0], []).append(place)
    for trial, places in completed.items():
        if len(places) > 1:
            problems.add(", ".join(places), f"trial {trial} was completed {len(places)} times")


def check(path, problems):
    """Checks a run or a sweep; says what it was."""
    if os.path.isfile(os.path.join(path, "plan.jsonl")):
        return f"a sweep with {check_sweep(path, problems)} trials"
    if not os.path.isdir(path) or not any(os.path.exists(os.path.join(path, name)) for name in ("config.json", "status.json", "checkpoints", ".lock")):
        problems.add(path, "is neither a run nor a sweep")
        return "nothing"
    check_run(path, problems)
    return "a run"


# ---- comparison


def without_measurements(value):
    if isinstance(value, dict):
        return {name: without_measurements(inner) for name, inner in value.items() if name not in MEASURED}
    return [without_measurements(inner) for inner in value] if isinstance(value, list) else value


def named(run, pointer):
    """The folder of the checkpoint that a pointer names; None where there is no such pointer."""
    path = os.path.join(run, "checkpoints", pointer)
    return os.path.join(run, "checkpoints", read(path).decode("utf-8").strip()) if os.path.isfile(path) else None


def fingerprint(run):
    """What two runs of one configuration have in common to the bit, by the part it stands in."""
    parts = dict.fromkeys(REQUIRED_FILES)
    pointer = os.path.join(run, "checkpoints", "latest")
    # What diverged at once, or was told to keep none, has no checkpoint.
    if os.path.isfile(pointer):
        latest, best = (named(run, name) for name in ("latest", "best"))
        parts["best"] = best and sha256(read(os.path.join(best, "model.safetensors")))
        parts.update({name: sha256(read(os.path.join(latest, name))) for name in REQUIRED_FILES if name.endswith(".safetensors")})
        parts["state.json"] = json.dumps(without_measurements(parse(read(os.path.join(latest, "state.json")))))
    parts["summary.json"] = json.dumps(without_measurements(parse(read(os.path.join(run, "summary.json")))))
    for name in LOGS:
        path = os.path.join(run, name)
        parts[name] = "\n".join(json.dumps(without_measurements(parse(line))) for line in read(path).splitlines()) if os.path.isfile(path) else None
    return parts


def digest(parts):
    return sha256(json.dumps(parts, sort_keys=True).encode("utf-8"))


def compare_runs(first, second, problems):
    try:
        ours, theirs = fingerprint(first), fingerprint(second)
    except (OSError, ValueError) as error:
        problems.add(f"{first}, {second}", f"cannot be compared: {error}")
        return None
    for part in ours:
        if ours[part] != theirs[part]:
            problems.add(f"{first}, {second}", f"{part} differs")
    return digest(ours)


def compare(first, second, problems):
    names = [trials_of(path) for path in (first, second)]
    if names == [[], []]:
        return f"the same bits, {compare_runs(first, second, problems)}"
    if names[0] != names[1]:
        problems.add(f"{first}, {second}", f"have other trials: {sorted(set(names[0]) ^ set(names[1]))}")
    common = sorted(set(names[0]) & set(names[1]))
    for name in common:
        compare_runs(os.path.join(first, "trials", name), os.path.join(second, "trials", name), problems)
    return f"{len(common)} trials with the same bits"


def main(arguments):
    problems = Problems()
    if arguments[:1] == ["compare"] and len(arguments) == 3:
        results = [f"OK: {compare(arguments[1], arguments[2], problems)}"]
    elif arguments and arguments[0] != "compare" and not arguments[0].startswith("-"):
        results = [f"OK: {path} is {check(path, problems)}" for path in arguments]
    else:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    print("\n".join(problems.found or results))
    return 1 if problems.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
