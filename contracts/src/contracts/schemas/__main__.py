from contracts.schemas import write

write()
