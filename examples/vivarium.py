"""Vivarium's tool over HTTP, with nothing but the standard library. The agents beside this file use it."""

import json
import os
import urllib.error
import urllib.request


class Vivarium:
    """One session: files that one call leaves are there in the next."""

    def __init__(self):
        self.url = os.environ.get("VIVARIUM_URL", "http://127.0.0.1:3000")
        self.token = os.environ.get("VIVARIUM_TOKEN")  # where `api_token` is set
        self.session_id = None

    def schema(self):
        """The tool as OpenAI's function calling has it; the description names the packages and limits in force."""
        return self._send("/api/tools")["tools"][0]

    def run(self, **arguments):
        """Runs Python: `code`, and if the model likes, `timeout` in seconds. Gives text for the model to read.

        A program that failed is an answer like any other, and so is a call that was refused: both say what to change.
        """
        reply = self._send("/api/tools/python_coder", {**arguments, "session_id": self.session_id})
        self.session_id = reply["metadata"].get("session_id", self.session_id)
        return reply["answer"]

    def _send(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:  # the body has the same shape as ever
            return json.load(refused)
