"""Messages that were answered for are there, once each and in one order, whatever happens to the process that took them (flow 12)."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from live import LiveSocket
from portico import Node, Portico


@pytest.fixture(scope="module")
def nodes(cluster):
    with Portico(cluster) as first, Node(first) as second:
        yield first, second


def member(portico, role):
    return portico.sql(f"select id from app.member where email = '{portico.person(role)['email']}'")[0]["id"]


def conversation(portico, *roles):
    """Begun by the resident."""
    portico.forget_limits()
    answer = portico.program("resident").post("conversations", {"participantIds": [member(portico, role) for role in roles], "subject": "Test"})
    assert answer.status == 201, answer.text
    return answer.json()["conversationId"]


def everything(program, talk) -> list:
    found, after = [], 0
    while True:
        page = program.get(f"conversations/{talk}/messages?after={after}&limit=100").json()
        found += page["items"]
        if not page["hasMore"]:
            return found
        after = found[-1]["seq"]


def test_a_message_that_many_send_at_once_on_both_nodes_is_one(nodes):
    first, second = nodes
    talk = conversation(first, "manager")
    programs = [node.program("resident") for node in nodes for _ in range(10)]
    with ThreadPoolExecutor(20) as lanes:
        answers = list(lanes.map(lambda one: one.post(f"conversations/{talk}/messages", {"content": "Only once", "clientId": "same"}), programs))
    assert {answer.status for answer in answers} <= {200, 201}, [answer.text for answer in answers]
    assert len({answer.json()["messageId"] for answer in answers}) == 1
    assert [one["content"] for one in everything(second.program("manager"), talk)] == ["Only once"]


def test_two_who_write_on_two_nodes_at_once_see_the_same_order_without_gaps(nodes):
    first, second = nodes
    talk = conversation(first, "manager")

    def write(node, role):
        program = node.program(role)
        return [program.post(f"conversations/{talk}/messages", {"content": f"{role} {number}"}).status for number in range(40)]

    with ThreadPoolExecutor(2) as lanes:
        statuses = sum(lanes.map(write, nodes, ["resident", "manager"]), [])
    assert statuses == [201] * 80
    seen = [everything(first.program("resident"), talk), everything(second.program("manager"), talk)]
    assert seen[0] == seen[1]
    assert [one["seq"] for one in seen[0]] == list(range(1, 81))
    assert [one["sentAt"] for one in seen[0]] == sorted(one["sentAt"] for one in seen[0]), "the order of time, too"
    for role in ("resident", "manager"):
        assert [one["content"] for one in seen[0] if one["content"].startswith(role)] == [f"{role} {number}" for number in range(40)]


def test_a_killed_node_loses_no_message_that_it_has_answered(nodes):
    first, _ = nodes
    talk = conversation(first, "manager")
    first.forget_limits()
    answered, unsure = {}, []
    with Node(first) as third:
        writers = [third.program(role) for role in ("resident", "manager")]
        under_way = threading.Semaphore(0)

        def write(program, name):
            for number in range(50):
                text = f"{name}-{number}"
                try:
                    answer = program.post(f"conversations/{talk}/messages", {"content": text, "clientId": text})
                except (OSError, http.client.HTTPException):
                    unsure.append((program, text))
                    return
                assert answer.status == 201, answer.text
                answered[text] = answer.json()["seq"]
                under_way.release()

        threads = [threading.Thread(target=write, args=(program, str(index))) for index, program in enumerate(writers)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            assert under_way.acquire(timeout=60)
        third.kill()
        for thread in threads:
            thread.join()
        assert 20 <= len(answered) < 100 and unsure, "it was killed in the middle"
        third.start()
        # Whoever got no answer sends again, as a browser does.
        for program, text in unsure:
            assert program.post(f"conversations/{talk}/messages", {"content": text, "clientId": text}).status in (200, 201)
    kept = everything(first.program("manager"), talk)
    assert len(kept) == len({one["content"] for one in kept}), "each once"
    assert {one["content"]: one["seq"] for one in kept if one["content"] in answered} == answered
    assert {text for _, text in unsure} <= {one["content"] for one in kept}
    assert [one["seq"] for one in kept] == list(range(1, len(kept) + 1))


def test_typing_is_told_to_the_other_node_and_stops_by_itself(nodes):
    first, second = nodes
    talk = conversation(first, "manager")
    with LiveSocket(second.visitor("manager")) as reader, LiveSocket(first.visitor("resident")) as writer:
        reader.watch(f"conversation:{talk}")
        writer.watch(f"conversation:{talk}")
        writer.say(type="typing_start", conversationId=talk)
        news = reader.until("typing_indicator", 10, conversationId=talk)
        assert news["userId"] == member(first, "resident") and news["name"]
        # Said once, three seconds long.
        reader.until("typing_stopped", 10, conversationId=talk)
        assert writer.silent(0.5), "nobody hears themselves"


def test_nobody_watches_or_types_in_conversations_of_others(nodes):
    first, second = nodes
    talk = conversation(first, "manager")
    other = first.sql("select id from app.conversation order by id limit 1")[0]["id"]
    with LiveSocket(second.visitor("technician")) as stranger, LiveSocket(first.visitor("manager")) as reader:
        reader.watch(f"conversation:{talk}")
        assert [news.get("code") for news in stranger.watch(f"conversation:{talk}", "conversation:nothing")] == ["not_found"] * 2
        stranger.say(type="typing_start", conversationId=talk)
        assert reader.silent(2)
    with LiveSocket(second.visitor("manager", "harbour")) as foreign:
        assert {news["type"] for news in foreign.watch(f"conversation:{talk}", f"conversation:{other}", f"presence:{member(first, 'resident')}")} == {"refused"}
