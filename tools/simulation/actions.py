"""All that may happen in a run, with how often it is drawn."""

from tools.simulation import backups, faults, operators, people
from tools.simulation.story import Action

ACTIONS = (
    Action(people.write_post, 12),
    Action(people.write_comment, 36, within=True),
    Action(people.decide, 8, within=True),
    Action(people.edit_comment, 6, within=True),
    Action(people.edit_post, 2, within=True),
    Action(people.remove_comment, 2, within=True),
    Action(people.remove_post, 1, within=True),
    Action(people.have_removed, 2, within=True),
    Action(operators.replay, 3, within=True),
    Action(operators.pause, 3),
    Action(operators.rebuild_the_read_model, 2, within=True),
    Action(operators.discard_a_dead_letter, 6, within=True),
    Action(faults.stop_a_service, 5, within=True),
    Action(faults.stop_the_bus, 2, within=True),
    Action(faults.lose_the_read_model, 2, within=True),
    Action(faults.lose_the_verdicts, 2, within=True),
    Action(faults.fill_a_disk, 3),
    Action(faults.set_a_clock, 3),
    Action(faults.jump_all_clocks, 2),
    Action(faults.jump_a_clock, 1),
    Action(faults.poison, 4),
    Action(faults.deadly, 2),
    Action(faults.roll_back, 3),
    Action(faults.second_replica, 2),
    Action(backups.back_up, 3),
    Action(backups.restore, 3),
)
