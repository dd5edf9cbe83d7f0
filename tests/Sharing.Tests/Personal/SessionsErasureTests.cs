using Microsoft.Extensions.DependencyInjection;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Personal;

/// <summary>What publishers remember of accounts.</summary>
[Trait("Row", "C1")]
public sealed class SessionsErasureTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_session_ends_with_its_person_and_those_of_others_go_on()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider());
        await using var host = services.AddSharing(static sharing => sharing.WithBackgroundWork(false).AddBluesky().AddMastodon()).BuildServiceProvider();
        var (olga, ben) = (PersonId.Parse("olga"), PersonId.Parse("ben"));
        var sessions = host.GetServices<ISocialPublisher>().OfType<BlueskyPublisher>().Single().Sessions;
        foreach (var person in new[] { olga, ben })
        {
            sessions.Keep(new() { Owner = person, Network = "bluesky", Name = "same", Token = "same" }, new("did:plc:1", "same", "access", "refresh", new("https://pds.example.org/")));
        }

        await Erasing.EraseAsync(host, olga, TestContext.Current.CancellationToken);
        Assert.Equal([ben], sessions.Owners);
    }
}
