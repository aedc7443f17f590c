from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("khitomer", "0003_stages_of_a_complaint_told"),
    ]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "filed complaint No. {number}"),
                    ("returned", "had complaint No. {number} returned"),
                    ("ruled", "Complaint No. {number} was ruled on"),
                    ("scheduled", "Complaint No. {number} was put on a conference's agenda"),
                    ("withdrawn", "withdrew complaint No. {number}"),
                    ("parley", "spoke in the parley on complaint No. {number}"),
                    ("settled", "Complaint No. {number} was settled"),
                    ("terms made", "The settlement of complaint No. {number} took effect"),
                    ("terms undone", "The settlement of complaint No. {number} was undone"),
                    ("referred", "Complaint No. {number} was referred to the chair"),
                    ("objected", "objected to complaint No. {number}"),
                    ("supplemented", "added to the record of complaint No. {number}"),
                    ("intervened", "joined complaint No. {number} as a third party"),
                    ("taken back", "Complaint No. {number} was withdrawn by the chair"),
                    ("vote opened", "Voting opened on motion {number}"),
                    ("voted", "voted on motion {number}"),
                    ("vote closed", "Voting closed on motion {number}"),
                    ("enacted", "Resolution {number} took effect"),
                    ("undone", "Resolution {number} was undone"),
                    ("repealed", "Resolution {number} was repealed"),
                    ("reported", "reported on what it owes"),
                    ("disputed", "disputed what was said to be done on complaint No. {number}"),
                    ("reviewed", "Compliance with complaint No. {number} was reviewed"),
                    ("complied", "Complaint No. {number} was complied with"),
                    ("authorised", "Countermeasures were authorised on complaint No. {number}"),
                    ("lifted", "Countermeasures on complaint No. {number} were lifted"),
                    ("state", "The state of the campaign changed"),
                    ("disclosed", "Something was disclosed"),
                    ("begun", "Session {number} began"),
                    ("closed", "Session {number} closed"),
                    ("session", "The page of session {number} changed"),
                    ("sitting", "A conference opened its sitting"),
                    ("adjourned", "A conference closed its sitting"),
                    ("hearing", "Complaint No. {number} came to its hearing"),
                    ("submitted", "submitted motion {number}"),
                    ("joined", "has a new delegate"),
                    ("arrived", "Somebody joined the campaign"),
                ],
                max_length=12,
            ),
        ),
    ]
