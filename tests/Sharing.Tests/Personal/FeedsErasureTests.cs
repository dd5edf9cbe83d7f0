using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Social;
using Sharing.Testing;

namespace Sharing.Tests.Personal;

/// <summary>What is kept of somebody who has a feed.</summary>
[Trait("Row", "C1")]
public sealed class FeedsErasureTests
{
    static readonly PersonId s_olga = PersonId.Parse("olga-mark-person"), s_ben = PersonId.Parse("ben");
    static readonly string[] s_marks = [s_olga.Value, "mark-text", "mark-file", "mark-origin", "mark-link", "mark-withdrawn"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_feed_is_taken_out_and_is_not_there_any_more_after_that_and_those_of_others_are()
    {
        await using var host = Start();
        var (hers, bens) = (await PlantAsync(host, s_olga), await PlantAsync(host, s_ben));
        var files = await Erasing.ExportAsync(host, s_olga, Cancel);
        Assert.All(s_marks, mark => Assert.Contains(files, file => file.Value.Contains(mark, StringComparison.Ordinal)));
        Assert.Contains(hers, files["feeds/feed.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(files, file => file.Value.Contains(bens, StringComparison.Ordinal));

        await Erasing.EraseAsync(host, s_olga, Cancel);
        Assert.Empty(await Erasing.FindAsync(host, [.. s_marks, hers], Cancel));
        var feeds = host.GetRequiredService<IFeeds>();
        Assert.Null(await feeds.FindAsync(hers, Cancel));
        Assert.Contains("bens-text", Encoding.UTF8.GetString((await feeds.FindAsync(bens, Cancel))!.Value.Span), StringComparison.Ordinal);

        // What the outbox still brings: a post that is withdrawn is withdrawn, and no other comes back.
        var publisher = host.GetServices<ISocialPublisher>().Single();
        Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(PostOf(s_olga, "one", 2) with { Withdrawn = true }, new() { Owner = s_olga, Network = "feed" }, Cancel)).State);
        Assert.Equal(PublishState.NeedsLogin, (await publisher.PublishAsync(PostOf(s_olga, "one", 2), new() { Owner = s_olga, Network = "feed" }, Cancel)).State);
        await Erasing.EraseAsync(host, s_olga, Cancel);
        await Erasing.EraseAsync(host, PersonId.Parse("nobody-here"), Cancel);
        Assert.Single(await Erasing.ExportAsync(host, s_olga, Cancel));
        Assert.Empty(await Erasing.FindAsync(host, [s_olga.Value], Cancel));
    }

    [Fact(Timeout = 120_000)]
    public async Task It_goes_on_after_any_commit_that_failed()
    {
        var plan = new FaultPlan();
        await using var host = Start(services => services.AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), plan)));
        var part = host.GetServices<IPersonalData>().Single(static part => part.Name == "feeds");
        for (var nth = 1; ; nth++)
        {
            await PlantAsync(host, s_olga);
            plan.Add("records.commit", Fault.Failing(), nth);
            var failed = await Erasing.InterruptAsync(part, s_olga, Cancel);
            plan.Clear();
            await Erasing.EraseAsync(host, s_olga, Cancel);
            Assert.Empty(await Erasing.FindAsync(host, s_marks, Cancel));
            if (!failed)
            {
                Assert.True(nth > 3, "There were not that few commits.");
                return;
            }
        }
    }

    static ServiceProvider Start(Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider());
        more?.Invoke(services);
        return services.AddSharing(static sharing => sharing.WithBackgroundWork(false).AddFeeds()).BuildServiceProvider();
    }

    /// <summary>A feed with an entry, and with one that was withdrawn.</summary>
    /// <returns>Its id.</returns>
    static async Task<string> PlantAsync(ServiceProvider host, PersonId person)
    {
        var publisher = host.GetServices<ISocialPublisher>().Single();
        var account = await ((IAccountSignIn)publisher).SignInAsync(new() { Owner = person, Network = "feed" }, Cancel);
        foreach (var post in new[] { PostOf(person, "one"), PostOf(person, "two"), PostOf(person, "two", 2) with { Withdrawn = true, Text = person == s_ben ? "" : "mark-withdrawn" } })
        {
            Assert.Equal(PublishState.Sent, (await publisher.PublishAsync(post, account, Cancel)).State);
        }

        return account.Name!.Split('/')[^1][..32];
    }

    static Post PostOf(PersonId person, string key, int revision = 1)
    {
        var mark = person == s_ben ? "bens" : "mark";
        return new(revision)
        {
            Key = $"{key}-{person.Value}", Author = person, Text = mark + "-text", Link = new($"https://share.example.org/d/{mark}-link"), Audience = Audience.Everyone, At = DateTimeOffset.UnixEpoch.AddYears(56),
            Resource = new() { Address = new($"https://origin.example.org/{mark}-origin"), Name = mark + "-file.mkv" },
        };
    }
}
