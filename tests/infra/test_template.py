from toolkit import aws
from toolkit.handlers.settings import Settings
from toolkit.infra import template_text
from toolkit.local import launch


def test_the_template_makes_what_the_handlers_expect(monkeypatch):
    # A platform of its own: the template fixes the names of its queues.
    with launch() as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        parameters = [{"ParameterKey": "EventsBucketName", "ParameterValue": "template-events"}]
        aws.call("cloudformation", "create_stack", StackName="s", TemplateBody=template_text(), Parameters=parameters)
        stack = aws.call("cloudformation", "describe_stacks", StackName="s")["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        settings = Settings()
        assert outputs["ValidEventsQueueUrl"].endswith(f"/{settings.valid_events_queue}")
        assert outputs["InvalidEventsDeadLetterQueueUrl"].endswith(f"/{settings.dead_letter_queue}")
        assert outputs["EventsLocation"] == "s3://template-events/"
        events = aws.call(
            "sqs", "get_queue_attributes", QueueUrl=outputs["EventsQueueUrl"], AttributeNames=["RedrivePolicy"]
        )
        assert '"maxReceiveCount": 5' in events["Attributes"]["RedrivePolicy"]
        keys = aws.call("s3", "get_bucket_encryption", Bucket="template-events")
        assert keys["ServerSideEncryptionConfiguration"]["Rules"]
