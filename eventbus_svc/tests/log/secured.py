"""Servers that encrypt, and let in only who has a password."""

import subprocess
from pathlib import Path

from servers import KafkaServer, NatsServer, RabbitServer

USER, PASSWORD = "bus", "p@ss:w/rd"

KAFKA = """
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
listeners=SASL_SSL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{second}
advertised.listeners=SASL_SSL://127.0.0.1:{port}
security.inter.broker.protocol=SASL_SSL
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required username="{user}" password="{password}";
ssl.keystore.type=PEM
ssl.keystore.location={folder}/both.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/cert.pem
"""
NATS = """
tls {{ cert_file: "{folder}/cert.pem", key_file: "{folder}/key.pem" }}
authorization {{ user: "{user}", password: "{password}" }}
"""


RABBITMQ = """
stream.listeners.tcp = none
stream.listeners.ssl.1 = 127.0.0.1:{port}
ssl_options.certfile = {folder}/cert.pem
ssl_options.keyfile = {folder}/key.pem
default_user = {user}
default_pass = {password}
"""


class SecuredKafka(KafkaServer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        _certify(folder)
        more = {"user": USER, "password": PASSWORD, "folder": folder}
        properties = folder / "kafka.properties"
        # What is said later counts.
        text = KAFKA.format(port=self._port, second=self._port + 1, **more)
        properties.write_text(properties.read_text() + text)
        account = f"--add-scram 'SCRAM-SHA-512=[name={USER},password={PASSWORD}]'"
        *shell, script = self._command
        self._command = (*shell, script.replace("format --", f"format {account} --", 1))


class SecuredNats(NatsServer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        _certify(folder)
        config = folder / "nats.conf"
        config.write_text(config.read_text() + NATS.format(user=USER, password=PASSWORD, folder=folder))


class SecuredRabbit(RabbitServer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        _certify(folder)
        config = folder / "rabbitmq.conf"
        plain = [line for line in config.read_text().splitlines() if not line.startswith("stream.listeners")]
        more = RABBITMQ.format(port=self._port, user=USER, password=PASSWORD, folder=folder)
        config.write_text("\n".join(plain) + more)


def _certify(folder: Path) -> None:
    """A certificate of the server's own, which it is its own authority for."""
    request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *request.split(), *files], check=True, capture_output=True)
    (folder / "both.pem").write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
