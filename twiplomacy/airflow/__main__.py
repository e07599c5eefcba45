"""Run the DAGs on this machine with an Airflow of their own, kept under the data folder.

    python -m twiplomacy.airflow release             run one DAG to its end, without a server (embedded SQLite)
    python -m twiplomacy.airflow build --year 2014   the same for the editions up to 2014
    python -m twiplomacy.airflow serve               start Airflow's server and scheduler on 127.0.0.1, with login

Nothing of an Airflow that the user may have elsewhere is read or written.
"""

import argparse
import json
import os
import secrets  # noqa: TID251
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from ingestion.files import PROJECT, write_file
from twiplomacy.airflow import years
from twiplomacy.settings import Settings, SettingsError

AIRFLOW = (sys.executable, "-m", "airflow")
PORT = 8080
POOLS = PROJECT / "dags" / "pools.json"
PASSWORDS = "simple_auth_manager_passwords.json.generated"
_HOOK = "airflow.task.hooks.airflow.providers.standard.hooks.subprocess.SubprocessHook"
"""The logger to which Airflow writes each line of a command's output."""
_FRAME = (
    "Tmp dir root location: ",
    "Running command: ",
    "Output:\n",
    "Command exited with return code ",
    "Task failed with exception",
)
"""What Airflow says around the output; the command itself says why it failed."""


def main() -> int:
    """Run what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m twiplomacy.airflow", description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", choices=["collect", "living", "build", "release", "serve"], help="a DAG to run, or serve"
    )
    parser.add_argument(
        "--year", type=int, help="newest edition of the panel, for build and release; default: the newest"
    )
    options = parser.parse_args()
    conf = {}
    try:
        home = Settings.load().data / "airflow"
        if options.what in ("build", "release"):
            known = years()
            conf = {"year": max(known) if options.year is None else options.year}
            if conf["year"] not in known:
                parser.error(f"{options.year} is no edition; roster/editions.csv has {', '.join(map(str, known))}")
    except SettingsError as error:
        parser.error(str(error))
    except (OSError, KeyError, ValueError) as error:
        parser.error(f"roster/editions.csv cannot be read ({error}); run: twiplomacy roster check")
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)  # Airflow's database and the password it makes are readable by everyone otherwise
    with FileLock(home / ".setup.lock"):
        set_up(home)
    if options.what == "serve":
        return serve(home)
    return run(home, options.what, conf)


def environment(home: Path) -> dict[str, str]:
    """Return the environment in which this project's Airflow runs."""
    return {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{PORT}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(PORT),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{PORT}/execution/",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "SCARF_ANALYTICS": "false",
    }


def set_up(home: Path) -> None:
    """Create or migrate Airflow's own database and the pools, once per Airflow version."""
    ready, wanted = home / ".ready", f"{version('apache-airflow-core')} {POOLS.read_text(encoding='utf-8')}"
    if ready.exists() and ready.read_text() == wanted:
        return
    print("airflow: preparing its database", flush=True)
    for command in (["db", "migrate"], ["pools", "import", str(POOLS)]):
        done = subprocess.run(  # noqa: S603
            [*AIRFLOW, *command], env=environment(home), capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"error: airflow {' '.join(command[:2])} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    ready.write_text(wanted)


def serve(home: Path) -> int:
    """Run Airflow's server, DAG processor and scheduler until one of them ends or this process is told to.

    Not ``airflow standalone``: its log servers listen on all interfaces, and here logs are files on this machine.
    """
    print(f"airflow: starting on http://127.0.0.1:{PORT}; user admin, password in {home / PASSWORDS}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    parts = (["api-server"], ["dag-processor"], ["scheduler", "--skip-serve-logs"])
    processes = [subprocess.Popen([*AIRFLOW, *part], env=environment(home)) for part in parts]  # noqa: S603
    try:
        os.wait()
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    return 1


def run(home: Path, dag_id: str, conf: dict[str, int]) -> int:
    """Run one DAG to its end with ``airflow dags test``.

    Print what its commands print, and Airflow's own errors; tracebacks are only in the log file, which has everything.
    """
    lock = FileLock(home / ".run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("another run is under way; waiting for it", flush=True)
        lock.acquire()
    log = home / f"{dag_id}.log"
    quiet = {
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "AIRFLOW__LOGGING__LOG_FORMAT": "%(levelname)s %(message)s",
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": f"{_HOOK}=INFO",
        "PYTHONWARNINGS": "ignore",
    }
    command = [*AIRFLOW, "dags", "test", dag_id, "--conf", json.dumps(conf)]
    with (
        lock,
        log.open("w", buffering=1) as everything,
        subprocess.Popen(  # noqa: S603
            command, env=environment(home) | quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                everything.write(line)
                level, _, message = line.partition(" ")
                if level in ("INFO", "ERROR") and not message.startswith(_FRAME):
                    print(message, end="", flush=True)
        except KeyboardInterrupt:
            process.terminate()  # Airflow then ends the task's command, which is in a session of its own
            raise
    if process.returncode:
        print(f"airflow: the DAG {dag_id} failed; its complete output is in {log}", flush=True)
    return process.returncode


def _secret(home: Path) -> str:
    """Return the key that Airflow's processes sign requests to each other with; made once, readable by its owner."""
    path = home / "jwt_secret"
    if not path.exists():
        write_file(path, secrets.token_hex(64).encode(), 0o600)
    return path.read_text()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("error: interrupted; run the same command again to go on")
