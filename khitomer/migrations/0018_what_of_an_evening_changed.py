from django.db import migrations, models

BY_ADDRESS = {"#agenda": "agenda", "#log": "logged", "#recap": "recapped", "/dice/": "rolled", "/dates/": "polled"}
"""What of a session changed, by how the address to look at ends."""


def by_part(apps, schema_editor):
    rows = apps.get_model("khitomer", "Activity").objects.filter(kind="session")
    for end, kind in BY_ADDRESS.items():
        rows.filter(path__endswith=end).update(kind=kind)
    rows.delete()


class Migration(migrations.Migration):
    dependencies = [("khitomer", "0017_handouts_of_every_kind")]

    operations = [
        migrations.AlterField(
            model_name='activity',
            name='kind',
            field=models.CharField(choices=[('filed', 'filed complaint No. {number}'), ('returned', 'had complaint No. {number} returned'), ('ruled', 'Complaint No. {number} was ruled on'), ('scheduled', "Complaint No. {number} was put on a conference's agenda"), ('withdrawn', 'withdrew complaint No. {number}'), ('parley', 'spoke in the parley on complaint No. {number}'), ('settled', 'Complaint No. {number} was settled'), ('terms made', 'The settlement of complaint No. {number} took effect'), ('terms undone', 'The settlement of complaint No. {number} was undone'), ('referred', 'Complaint No. {number} was referred to the chair'), ('objected', 'objected to complaint No. {number}'), ('supplemented', 'added to the record of complaint No. {number}'), ('intervened', 'joined complaint No. {number} as a third party'), ('taken back', 'Complaint No. {number} was withdrawn by the chair'), ('vote opened', 'Voting opened on motion {number}'), ('voted', 'voted on motion {number}'), ('vote closed', 'Voting closed on motion {number}'), ('enacted', 'Resolution {number} took effect'), ('undone', 'Resolution {number} was undone'), ('repealed', 'Resolution {number} was repealed'), ('reported', 'reported on what it owes'), ('disputed', 'disputed what was said to be done on complaint No. {number}'), ('reviewed', 'Compliance with complaint No. {number} was reviewed'), ('complied', 'Complaint No. {number} was complied with'), ('authorised', 'Countermeasures were authorised on complaint No. {number}'), ('lifted', 'Countermeasures on complaint No. {number} were lifted'), ('state', 'The state of the campaign changed'), ('disclosed', 'Something was disclosed'), ('begun', 'Session {number} began'), ('closed', 'Session {number} closed'), ('agenda', 'The agenda of session {number} changed'), ('logged', 'Session {number} has a new line in its log'), ('recapped', 'Session {number} was recapped'), ('rolled', 'Dice and pools of session {number} were used'), ('polled', 'When to play session {number} is being settled'), ('sitting', 'A conference opened its sitting'), ('adjourned', 'A conference closed its sitting'), ('hearing', 'Complaint No. {number} came to its hearing'), ('submitted', 'submitted motion {number}'), ('joined', 'has a new delegate'), ('arrived', 'Somebody joined the campaign'), ('proposed', 'A page was proposed for the archive'), ('taken up', 'A page that you wrote was approved'), ('sent back', 'A page that you wrote was returned')], max_length=12),
        ),
        migrations.RunPython(by_part, migrations.RunPython.noop, elidable=True),
    ]
