using Sharing.Messaging;
using Sharing.PostgreSql;
using Sharing.Tests.Records;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

/// <summary>Two hosts on one database; their clocks stand still, so nobody is told of anything by a beat.</summary>
[Trait("Row", "M9")]
public sealed class PushAcrossHostsTests(PostgresFixture postgres)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Whoever_follows_his_inbox_at_one_host_is_told_of_what_is_sent_at_another()
    {
        var place = await postgres.PlaceAsync();
        await using var here = await StartAsync(sharing => sharing.UsePostgreSql(place));
        await using var there = await StartAsync(sharing => sharing.UsePostgreSql(place));
        await using var watch = here.Inbox.WatchAsync(Ben, new() { After = 0 }, Cancel).GetAsyncEnumerator(Cancel);
        for (var number = 1; number <= 30; number++)
        {
            var told = watch.MoveNextAsync().AsTask();
            await there.Host.Get<IMessages>().SendAsync(Anna, new() { To = ["ben"], Resource = Film, Text = $"{number}" }, cancellationToken: Cancel);
            Assert.True(await told);
            Assert.Equal((number, $"{number}"), (watch.Current.Number, watch.Current.Message?.Text));
        }
    }
}
