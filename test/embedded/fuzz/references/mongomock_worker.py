"""Answers questions of the differential fuzz with mongomock: one line of Extended JSON in, one out."""

import re
import sys

import mongomock
from bson import ObjectId, json_util
from pymongo.errors import PyMongoError

# All questions use what MongoDB has: a name that mongomock does not know is something it does not implement.
NOT_KNOWN = re.compile(
    "unknown operator|Unrecognized expression|is not a valid .type|Unknown modifier|Invalid .project|not.*implemented"
)

OPTIONS = json_util.JSONOptions(json_mode=json_util.JSONMode.CANONICAL, tz_aware=False)


def ids(docs):
    return [doc["_id"] for doc in docs]


def update(question, rows):
    change = question["update"]
    upsert = bool(question.get("upsert"))
    filters = question.get("arrayFilters")
    if isinstance(change, list):
        raise NotImplementedError("updates by pipeline")
    if not change or not next(iter(change)).startswith("$"):
        done = rows.replace_one(question["filter"], change, upsert=upsert)
    elif filters:
        done = rows.update_one(question["filter"], change, upsert=upsert, array_filters=filters)
    else:
        done = rows.update_one(question["filter"], change, upsert=upsert)
    docs = list(rows.find())
    for doc in docs:
        if doc["_id"] == done.upserted_id and isinstance(doc["_id"], ObjectId):
            del doc["_id"]
    return docs


def answer(question):
    database = mongomock.MongoClient().db
    rows = database.rows
    if question["docs"]:
        rows.insert_many(question["docs"])
    if question.get("other"):
        database.other.insert_many(question["other"])
    kind = question["kind"]
    if kind == "filter":
        return ids(rows.find(question["filter"]))
    if kind == "sort":
        return ids(rows.find().sort(list(question["sort"].items())))
    if kind == "projection":
        return list(rows.find({}, question["projection"]))
    if kind == "distinct":
        return rows.distinct(question["path"])
    if kind == "pipeline":
        return list(rows.aggregate(question["pipeline"]))
    return update(question, rows)


def outcome(line):
    try:
        return json_util.dumps({"value": answer(json_util.loads(line, json_options=OPTIONS))}, json_options=OPTIONS)
    except NotImplementedError as error:
        return json_util.dumps({"silent": "not implemented: " + str(error)})
    except PyMongoError as error:
        return json_util.dumps({"silent" if NOT_KNOWN.search(str(error)) else "refused": str(error)})
    except Exception as error:  # a fault of the library is no opinion about the question
        return json_util.dumps({"silent": type(error).__name__ + ": " + str(error)})


for line in sys.stdin:
    print(outcome(line), flush=True)
