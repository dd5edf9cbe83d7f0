using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>Has a part of all spellings fetched, on every way, at every place, in a network namespace whose counters say where packets went. Prints what came of
/// it as one line of JSON.</summary>
static class Guarding
{
    /// <summary>Fetches at once.</summary>
    const int AtOnce = 8;

    /// <summary>Fewer would prove too little.</summary>
    const int FewestSpellings = 1000;

    static readonly TimeSpan ControlPatience = TimeSpan.FromMilliseconds(500);

    /// <param name="folder">For files.</param>
    /// <param name="seed">Chooses samples and their order.</param>
    /// <param name="part">Which of the parts, from 0.</param>
    /// <param name="parts">In how many parts the spellings are cut.</param>
    public static async Task<int> RunAsync(string folder, int seed, int part, int parts)
    {
        await PacketWatch.SetUpAsync(folder);
        await using var names = new Nameserver();
        await using var web = await PublicWeb.StartAsync();
        var all = Spellings.All(seed);
        var mine = all.Where((_, i) => i % parts == part).ToList();
        var failures = new ConcurrentQueue<string>();
        if (all.Count < FewestSpellings)
        {
            failures.Enqueue($"Only {all.Count} spellings.");
        }

        await PacketWatch.ResetAsync();
        var fetches = await AskAsync(mine, failures);
        var packets = await PacketWatch.CountAsync();
        if (packets.Count > 0)
        {
            failures.Enqueue($"Packets left for {string.Join(", ", packets)}.");
        }

        var control = await ControlAsync(failures);
        Console.WriteLine(new JsonObject
        {
            ["spellings"] = mine.Count,
            ["fetches"] = fetches.Values.Sum(),
            ["entryPoints"] = new JsonObject(fetches.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
            ["forbiddenPackets"] = packets.Values.Sum(),
            ["controlPackets"] = control,
            ["failures"] = new JsonArray([.. failures.Take(20).Select(failure => (JsonNode)failure)]),
        }.ToJsonString());
        return 0;
    }

    /// <summary>Everything on every way at every place; each place says one and the same of all of it.</summary>
    static async Task<SortedDictionary<string, int>> AskAsync(List<Spelling> spellings, ConcurrentQueue<string> failures)
    {
        await using var product = await Product.StartAsync();
        var fetches = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var places = product.EntryPoints;
        var references = await Task.WhenAll(places.Select(place => ReferenceAsync(place, failures)));
        foreach (var (place, expected) in places.Zip(references))
        {
            var asked = 0;
            await Parallel.ForEachAsync(
                from spelling in spellings from way in Way.All select (spelling, way),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (one, _) =>
                {
                    var serial = Interlocked.Increment(ref asked);
                    var address = one.way.Lead(one.spelling, serial, place.PublicHost);
                    var said = await place.AskAsync(address);
                    if (said != expected && !(said == EntryPoint.Unreadable && one.way.Name == "direct")
                        && !(said.StartsWith("fetched", StringComparison.Ordinal) && one.way.IsPublic(one.spelling, serial)))
                    {
                        failures.Enqueue($"{place.Name} {one.way.Name} {address}: {said}");
                    }
                });
            fetches[place.Name] = asked;
        }

        return fetches;
    }

    /// <summary>What a place says of an address at which there is nothing, whyever; and that it fetches what it may.</summary>
    static async Task<string> ReferenceAsync(EntryPoint place, ConcurrentQueue<string> failures)
    {
        var fetches = false;
        for (var attempt = 0; !fetches && attempt < 5; attempt++)
        {
            fetches = (await place.AskAsync($"http://{PublicInternet.PublicName}/fine")).StartsWith("fetched", StringComparison.Ordinal); // its patience is short
        }

        if (!fetches)
        {
            failures.Enqueue($"{place.Name} does not fetch what is public.");
        }

        string[] fruitless =
        [
            $"http://{PublicInternet.MissingName}/", $"http://{PublicInternet.ClosedName}/", $"http://{PublicInternet.SilentName}/", $"http://{PublicInternet.PublicName}/hang",
            $"http://{PublicInternet.PublicName}:81/", "http://10.0.0.1/",
        ];
        var said = await Task.WhenAll(fruitless.Select(place.AskAsync));
        foreach (var (address, answer) in fruitless.Zip(said).Where(one => one.Second != said[0]))
        {
            failures.Enqueue($"{place.Name} says of {address} '{answer}', but of {fruitless[0]} '{said[0]}'.");
        }

        return said[0];
    }

    /// <summary>An ordinary client: every range must count it, and every way must lead it astray. Else the counters are blind, or the ways lead nowhere.</summary>
    static async Task<long> ControlAsync(ConcurrentQueue<string> failures)
    {
        await PacketWatch.ResetAsync();
        await Task.WhenAll(ForbiddenRange.All.Select(range => range.IsReachable ? OrdinaryAsync($"http://{Host(range)}/") : DatagramAsync(range)));
        var counted = await PacketWatch.CountAsync();
        foreach (var range in ForbiddenRange.All.Where(range => !counted.ContainsKey(range.Name)))
        {
            failures.Enqueue($"The counters are blind for {range.Name}.");
        }

        // A range for each way, so that all can be tried at once.
        var ways = Way.All.Zip(ForbiddenRange.All.Where(range => range.IsReachable)).ToList();
        await PacketWatch.ResetAsync();
        await Task.WhenAll(ways.Select((one, i) =>
            OrdinaryAsync(one.First.Lead(new($"http://{Host(one.Second)}/?{Spelling.Mark}", SampleOf(one.Second)), i, PublicInternet.PublicName))));
        var led = await PacketWatch.CountAsync();
        foreach (var (way, _) in ways.Where(one => !led.ContainsKey(one.Second.Name)))
        {
            failures.Enqueue($"The way {way.Name} leads nowhere.");
        }

        return counted.Values.Sum();
    }

    static IPAddress SampleOf(ForbiddenRange range) => range.Samples(new Random(0)).ElementAt(2);

    static string Host(ForbiddenRange range) =>
        SampleOf(range) is { AddressFamily: AddressFamily.InterNetworkV6 } address ? $"[{address}]" : SampleOf(range).ToString();

    static async Task OrdinaryAsync(string address)
    {
        using var client = new HttpClient { Timeout = ControlPatience };
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                await client.GetStringAsync(new Uri(address));
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                continue; // the counters say what came of it
            }
        }
    }

    static async Task DatagramAsync(ForbiddenRange range)
    {
        using var socket = new Socket(range.Network.BaseAddress.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.EnableBroadcast = true;
        var address = SampleOf(range);
        if (address.IsIPv6LinkLocal)
        {
            address.ScopeId = NetworkInterface.GetAllNetworkInterfaces().First(one => one.Name == "pub0").GetIPProperties().GetIPv6Properties().Index;
        }

        try
        {
            await socket.SendToAsync(new byte[1], new IPEndPoint(address, 9));
        }
        catch (SocketException e)
        {
            await Console.Error.WriteLineAsync($"{range.Name}: {e.Message}");
        }
    }
}
