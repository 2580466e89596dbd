"""Gotchas of those who ask an agent: where tokens go, what is printed, and whether an answer is whole."""

from ..mutation import Mutation
from ..pages import AGENTCORE

CLIENT = "streaming-agent/src/streaming_agent/client"
CLI = "streaming-agent/src/streaming_agent/cli"
TESTS = "tests/functional/streaming_agent"
RFC = "https://www.rfc-editor.org/rfc"
CWE = "https://cwe.mitre.org/data/definitions"
SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html"

CLIENT_EDGES = (
    Mutation(
        gotcha="a run file in a folder that somebody else made says where production tokens go",
        page=f"{RFC}/rfc9700.html#section-4.9.1",
        file=f"{CLIENT}/run_file.py",
        code="        if url is not None and not is_loopback(_text(url)):\n",
        mutated="        if False:\n",
        tests=(f"{TESTS}/client/test_run_file.py::test_no_address_of_a_run_file_leads_away_from_this_machine",),
    ),
    Mutation(
        gotcha="kept tokens that are found by pool and client go to whichever API claims them",
        page=f"{RFC}/rfc9700.html#section-4.9.1",
        file=f"{CLIENT}/token_store.py",
        code='    origins = (_origin(address.invocations_url), cognito, _origin(address.sign_in_url or ""))\n',
        mutated='    origins = ("", cognito, "")\n',
        tests=(f"{TESTS}/client/test_run_file.py::test_kept_tokens_go_only_where_they_were_made_for",),
    ),
    Mutation(
        gotcha="an API key of the environment is sent to an address that a folder names",
        page=f"{RFC}/rfc9700.html#section-4.9.1",
        file=f"{CLI}/api_options.py",
        code="        api_key=local.api_key,\n",
        mutated="        api_key=os.environ.get(API_KEY_VARIABLE) or local.api_key,\n",
        tests=(
            f"{TESTS}/client/test_run_file.py::test_the_environments_api_key_goes_only_to_an_address_that_was_named",
        ),
    ),
    Mutation(
        gotcha="a stream that stops inside an event, or without the end that the agent sends, looks whole",
        page=f"{RFC}/rfc9112.html#section-8",
        file=f"{CLIENT}/answer_reader.py",
        code="        if (self.last_id or self._expects_end) and not self.ended:\n",
        mutated="        if False:\n",
        tests=(
            f"{TESTS}/client/test_resume.py::test_an_agent_that_once_sent_an_end_is_missed_when_it_sends_none",
            f"{TESTS}/client/test_resume.py::test_a_cut_answer_is_taken_up_after_its_last_event",
        ),
    ),
    Mutation(
        gotcha="an event that was under way when the stream ended is dropped without a word",
        page=SSE,
        file=f"{CLIENT}/event_stream.py",
        code="        rest = self._lines.end()\n",
        mutated="        rest, self._data = None, []\n",
        tests=(
            f"{TESTS}/client/test_resume.py::test_without_ids_a_cut_is_told_and_nothing_is_asked_again",
            f"{TESTS}/client/test_agent_answers.py::test_each_kind_of_answer_is_read",
        ),
        says="DID NOT RAISE",
    ),
    Mutation(
        gotcha="a compression that is cut after whole events looks whole: the HTTP library does not miss its end",
        page=f"{RFC}/rfc1952.html#section-2.3.1",
        file=f"{CLIENT}/compression.py",
        code="            if layer.is_inside:\n",
        mutated="            if False:\n",
        tests=(f"{TESTS}/client/test_hostile_answers.py::test_a_compression_is_undone_and_missed_where_it_is_cut",),
    ),
    Mutation(
        gotcha="over TLS, a connection that was cut ends like one that was closed: Python takes both for the same",
        page=f"{RFC}/rfc9112.html#section-9.8",
        file=f"{CLIENT}/strict_tls.py",
        code="        one.sslsocket_class, one.sslobject_class = _Socket, _Object\n",
        mutated="        pass\n",
        tests=(f"{TESTS}/client/test_tls.py::test_an_end_that_is_not_said_is_a_cut",),
        says="DID NOT RAISE",
    ),
    Mutation(
        gotcha="text that ends inside a character looks whole",
        page="https://encoding.spec.whatwg.org/#utf-8-decoder",
        file=f"{CLIENT}/answer_reader.py",
        code="        if self._decoder.is_cut:\n",
        mutated="        if False:\n",
        tests=(f"{TESTS}/client/test_agent_answers.py::test_each_kind_of_answer_is_read",),
    ),
    Mutation(
        gotcha="the lines of a text behind one data: are no fields of the event, and are lost",
        page=SSE,
        file=f"{CLIENT}/event_stream.py",
        code="            case _ if field and field not in _FIELDS:\n",
        mutated="            case _ if False:\n",
        tests=("tests/unit/streaming_agent/client/test_event_stream.py::test_a_stream_is_read_however_it_is_cut",),
    ),
    Mutation(
        gotcha="a service that repeats the token that it refuses has it printed",
        page=f"{CWE}/532.html",
        file=f"{CLIENT}/error_bodies.py",
        code="        if secret:\n",
        mutated="        if False:\n",
        tests=(f"{TESTS}/cli/test_secrets.py::test_no_failure_prints_a_secret",),
    ),
    Mutation(
        gotcha="http://127.0.0.1 goes through HTTP_PROXY, with the token in clear",
        page=f"{RFC}/rfc6750.html#section-5.3",
        file=f"{CLIENT}/connections.py",
        code='    return f"{urlsplit(url).scheme} here" if is_loopback(url) else "elsewhere"\n',
        mutated='    return "elsewhere"\n',
        tests=(f"{TESTS}/client/test_environment.py::test_this_machine_is_reached_without_them",),
        says="streaming_agent.client.call_errors",
    ),
    Mutation(
        gotcha="a token with a line end from a mounted secret is quoted by the HTTP library's error",
        page=f"{CWE}/532.html",
        file=f"{CLIENT}/tokens.py",
        code='    token = given.strip().strip("\\"\'").strip()\n',
        mutated="    return given\n    token = given\n",
        tests=(f"{TESTS}/cli/test_secrets.py::test_a_pasted_token_is_cleaned",),
    ),
    Mutation(
        gotcha="an API key with a line end is quoted by the HTTP library's error",
        page=f"{CWE}/532.html",
        file=f"{CLIENT}/request_headers.py",
        code='    key = api_key.strip().strip("\\"\'")\n',
        mutated="    return api_key\n    key = api_key\n",
        tests=(f"{TESTS}/cli/test_secrets.py::test_a_pasted_token_is_cleaned",),
    ),
    Mutation(
        gotcha="a model's text reaches the terminal with its control sequences",
        page=f"{CWE}/150.html",
        file="streaming-agent/src/streaming_agent/printable.py",
        code='    text = _CONTROLS.sub(lambda control: f"\\\\u{ord(control[0]):04x}", text)\n',
        mutated="",
        tests=(f"{TESTS}/cli/test_terminal.py::test_an_agents_text", f"{TESTS}/cli/test_terminal.py::test_verify"),
    ),
    Mutation(
        gotcha="a pool's SRP challenge is computed with before it is looked at",
        page="https://www.rfc-editor.org/rfc/rfc5054.html#section-2.5.4",
        file=f"{CLIENT}/srp_sign_in.py",
        code='    if re.fullmatch(r"[0-9a-fA-F]{1,1024}", text) is None:\n',
        mutated="    if False:\n",
        tests=(f"{TESTS}/client/test_hostile_sign_in.py::test_each_answer_ends_in_one_sentence",),
        says="OverflowError",
    ),
    Mutation(
        gotcha="a pool that asks the same challenge again and again keeps a client busy without end",
        page="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html",
        file=f"{CLIENT}/srp_sign_in.py",
        code="        for _ in range(_MOST_CHALLENGES):\n",
        mutated="        for _ in range(20):\n",
        tests=(
            f"{TESTS}/client/test_hostile_sign_in.py::test_a_pool_that_never_stops_asking_is_left_after_ten_challenges",
        ),
    ),
    Mutation(
        gotcha="JSON that is nested deep is no ValueError: a refusal's body ends a program that catches ClientError",
        page=f"{CWE}/674.html",
        file=f"{CLIENT}/error_bodies.py",
        code='        except RecursionError:\n            return ""\n',
        mutated='        except ZeroDivisionError:\n            return ""\n',
        tests=(f"{TESTS}/client/test_hostile_answers.py::test_each_ends_in_one_sentence",),
        says="RecursionError",
    ),
    Mutation(
        gotcha="a secret on a command line is read by everybody on the machine: a variable is passed on by its name",
        page=f"{CWE}/214.html",
        file=f"{CLI}/local.py",
        code="        environment[name] = value if equals else os.environ[name]\n",
        mutated="        environment[name] = value\n",
        tests=("tests/unit/streaming_agent/cli/test_local_options.py::test_a_variable_can_be_passed_on_by_its_name",),
    ),
    Mutation(
        gotcha="an error's body of 400 KB of gzip is 400 MB of memory",
        page=f"{CWE}/409.html",
        file=f"{CLIENT}/sync_client.py",
        code="                if len(body) >= MOST_BYTES:\n",
        mutated="                body += chunk\n                if False:\n",
        tests=(f"{TESTS}/client/test_hostile_answers.py::test_each_ends_in_one_sentence",),
    ),
    Mutation(
        gotcha="one document of 400 KB of gzip is 400 MB of memory",
        page=f"{AGENTCORE}/bedrock-agentcore-limits.html",
        file=f"{CLIENT}/answer_reader.py",
        code="                if self._size > _MOST_DOCUMENT_CHARACTERS:\n",
        mutated="                if False:\n",
        tests=(f"{TESTS}/client/test_hostile_answers.py::test_each_ends_in_one_sentence",),
    ),
    Mutation(
        gotcha="a page that splits all that came again with each chunk takes quadratic time",
        page=SSE,
        file="examples/chat_web/web/body.js",
        code="    let start = 0;\n",
        mutated=(
            '    text = this.#waiting.join("") + text;\n    this.#waiting = [];\n'
            "    this.#size = 0;\n    let start = 0;\n"
        ),
        tests=("tests/integration/chat_web/test_page_reader.py::test_a_long_line_takes_linear_time_and_memory",),
    ),
    Mutation(
        gotcha="a page that reads without a limit holds whatever is sent",
        page=SSE,
        file="examples/chat_web/web/body.js",
        code="  if (size > MOST) throw",
        mutated="  if (false) throw",
        tests=("tests/integration/chat_web/test_page_reader.py::test_more_than_ten_megabytes_are_refused",),
    ),
)
