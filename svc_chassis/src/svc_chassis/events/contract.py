"""What an event promises: its name, its publisher, its payload, its version. Declared once per event, as a subclass."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from svc_chassis.web.ids import Id

Version = Annotated[StrictInt, Field(ge=1, lt=2**63)]


class Contract(BaseModel):
    """The payload of one event; the class's name is the event's type.

    `class PostCreated(Contract, publisher="posts")`. Keys on the wire are camelCase. Fields without a default are
    what even a foreign publisher must send; unknown keys are ignored, so that a newer publisher breaks nobody. A
    docstring below a field is what it means to those who read the schema.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
    )

    publisher: ClassVar[str]
    schema_version: ClassVar[int]

    id: Id
    """The subject: what the event is about, and within which events keep their order."""
    version: Version | None = None
    """Counts the publisher's changes to this subject, from 1; null only from a foreign publisher."""

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        """PostgreSQL holds no NUL, so no receiver could be sure to."""
        if isinstance(data, dict):
            for name, value in data.items():
                if type(value) is str and "\0" in value:
                    raise PydanticCustomError("text", "{name} must not contain the character NUL.", {"name": name})
        return data

    def __init_subclass__(cls, *, publisher: str, schema_version: int = 1, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.publisher, cls.schema_version = publisher, schema_version

    @classmethod
    def example(cls) -> Self:
        """One such payload with every field filled, as it might really be: schema, catalogue and bus show it."""
        raise NotImplementedError(f"{cls.__name__} has no example: give it a classmethod example() that returns one.")

    @classmethod
    def event_type(cls) -> str:
        return cls.__name__

    @classmethod
    def dataschema(cls) -> str:
        return f"/schemas/{cls.__name__}/{cls.schema_version}"

    @property
    def subject(self) -> str:
        """The id of the thing this event is about; order is kept per subject."""
        return self.id
