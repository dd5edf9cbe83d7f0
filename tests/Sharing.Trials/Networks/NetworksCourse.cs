using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sharing.Testing;
using Sharing.Tour;

namespace Sharing.Trials;

/// <summary>Shares with five networks at once, out of a process that is killed again and again, over lines that lose 30 % of the replies (half of them before the network has heard of anything): a server that
/// speaks Mastodon's API, a real AT Protocol network, a real server of the fediverse that follows, a feed, and a webhook.</summary>
static class NetworksCourse
{
    const double Lost = 0.3;

    /// <summary>How it went.</summary>
    /// <param name="Doubles">Posts shown more than once, or events that came twice to the webhook.</param>
    /// <param name="Missing">Posts not shown; of the webhook, those that the ledger calls sent or that nobody counts.</param>
    /// <param name="Unknown">Lines of the webhook that the ledger calls unknown.</param>
    /// <param name="Kills">How often the process was killed.</param>
    /// <param name="Cut">How many replies were lost.</param>
    /// <param name="Unsettled">What the process said of lines that did not end well.</param>
    public sealed record Result(int Doubles, int Missing, int Unknown, int Kills, int Cut, string Unsettled)
    {
        public bool IsPerfect => this is { Doubles: 0, Missing: 0, Unsettled: "" };
    }

    public static async Task<Result> RunAsync(string child, int shares, int kills, Random random, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        await using var mastodon = await MastodonServer.StartAsync(TimeProvider.System, limit: int.MaxValue);
        await using var bluesky = await AtProtoNetwork.StartAsync(appView: false);
        await using var fred = await NodeServer.StartAsync("activitypub.mjs", ["fred"]);
        await using var receiver = await WebhookReceiver.StartAsync(TimeProvider.System);
        var cut = 0;
        NetworkFault? Fate()
        {
            var fate = random.NextDouble();
            if (fate < Lost)
            {
                Interlocked.Increment(ref cut);
            }

            return fate < Lost / 2 ? NetworkFault.LostRequest : fate < Lost ? NetworkFault.LostReply : null;
        }

        await using var toMastodon = new FaultServer(mastodon.Address);
        await using var toBluesky = new FaultServer(bluesky.Address);
        await using var toFred = new FaultServer(new(fred.Said + "/"));
        await using var toReceiver = new FaultServer(receiver.Address);
        toBluesky.Counts = static (_, path) => path.Contains("applyWrites", StringComparison.Ordinal);
        var (handle, port) = (await bluesky.AddAsync("anna"), ServerProcess.FreePort());
        string[] arguments = [folder, port.ToString(CultureInfo.InvariantCulture), shares.ToString(CultureInfo.InvariantCulture), toMastodon.Address.ToString(), toBluesky.Address.ToString(), handle, new Uri(toReceiver.Address, "hook").ToString(), WebhookReceiver.Secret, new Uri(toFred.Address, "inbox").ToString()];
        try
        {
            using var http = new HttpClient();
            var follows = new Uri($"{fred.Said}/do/follow?actor={Uri.EscapeDataString($"http://localhost:{port}/ap/people/anna")}");
            await PublishingCourse.LiveAsync(child, ["networks", "begin", .. arguments], Timeout.InfiniteTimeSpan, cancellationToken, async () => (await http.GetAsync(follows, cancellationToken)).EnsureSuccessStatusCode());
            var locked = new Lock();
            foreach (var line in (FaultServer[])[toMastodon, toBluesky, toFred, toReceiver])
            {
                line.Otherwise = () =>
                {
                    lock (locked)
                    {
                        return Fate();
                    }
                };
            }

            var said = "";
            for (var killed = 0; said.Length == 0; killed++)
            {
                var life = killed < kills ? TimeSpan.FromMilliseconds(random.Next(200, 4000)) : Timeout.InfiniteTimeSpan;
                said = await PublishingCourse.LiveAsync(child, ["networks", "go", .. arguments], life, cancellationToken) ?? "";
                kills = said.Length > 0 ? killed : kills;
            }

            var seen = (await http.GetFromJsonAsync<JsonArray>(new Uri(fred.Said + "/seen"), cancellationToken))!.Where(static one => one!["kind"]!.ToString() == "Create").Select(static one => one!["json"]!["object"]!["content"]!.ToString()).ToList();
            var shown = new List<List<string>>
            {
                mastodon.ShownBy("anna").Select(static post => post.Text).ToList(),
                (await bluesky.RecordsAsync(handle, "app.bsky.feed.post")).Select(static post => post["value"]!["text"]!.ToString()).ToList(),
                seen,
            };
            var unknown = said.StartsWith("settled ", StringComparison.Ordinal) ? int.Parse(said["settled ".Length..], CultureInfo.InvariantCulture) : 0;
            var (doubles, missing) = (0, 0);
            foreach (var texts in shown)
            {
                for (var i = 0; i < shares; i++)
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"share {i} of many");
                    var count = texts.Count(one => one.Contains(text, StringComparison.Ordinal));
                    (doubles, missing) = (doubles + Math.Max(0, count - 1), missing + (count == 0 ? 1 : 0));
                }
            }

            // What came to the webhook came once; what did not come is unknown, and the ledger says so.
            var events = receiver.Events.Select(static one => one.Headers[Social.WebhookSignature.IdHeader].ToString()).ToList();
            doubles += events.Count - events.Distinct(StringComparer.Ordinal).Count();
            missing += Math.Max(0, shares - events.Count - unknown);
            return new(doubles, missing, unknown, kills, cut, said.StartsWith("settled", StringComparison.Ordinal) ? "" : said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
