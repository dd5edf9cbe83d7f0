using Sharing.Tests.Child;
using Sharing.Tests.Child.Ssrf;
using Sharing.Tests.Child.Swarm;

// Processes for tests to kill, or to lock up.
SQLitePCL.Batteries_V2.Init();
return args switch
{
    ["publish", var folder, var sinks, var shares] => await Publishing.RunAsync(folder, new Uri(sinks), Number(shares)),
    ["networks", .. var rest] => await PublishingAtNetworks.RunAsync(rest),
    ["contend", var folder, var commits] => await Contending.RunAsync(folder, Number(commits)),
    ["share", var server, var token, var resource, var count] => await SharingAtOnce.RunAsync(new Uri(server), token, new Uri(resource), Number(count)),
    ["store", var folder, var origin, var rounds, var first, var step, var occurrence] => await Storing.RunAsync(folder, new(origin), Number(rounds), Number(first), step, Number(occurrence)),
    ["store-on", var folder, var origin, var rounds, var first] =>
        await Task.Run(() => Storing.RunOnAsync(folder, new(origin), Number(rounds), Number(first))), // a thread of the pool, from the start
    ["by-hand", var folder, var files] => ByHand.Run(folder, Number(files)),
    ["uploads", var folder, var port] => await UploadServer.RunAsync(folder, port),
    ["messages", var folder, var port] => await UploadServer.RunMessagesAsync(folder, port),
    ["ssrf", var folder, var seed, var part, var parts] => await Guarding.RunAsync(folder, Number(seed), Number(part), Number(parts)),
    ["folder", var data, var folder, var server, var token, var rate] => await FolderTerminal.RunAsync(data, folder, new(server), token, Number(rate)),
    ["swarm-server", var folder, var at] => await SwarmServing.RunAsync(folder, at),
    ["swarm-upload", var server, var file] => await SwarmServing.UploadAsync(new Uri(server), file),
    ["swarm-terminal", var folder, var server, var at, var share] => await SwarmFetching.RunAsync(folder, new Uri(server), at, share),
    ["confine", var seconds] => await Confining.RunAsync(seconds),
    [var database, var round] => await Committing.RunAsync(database, round),
    _ => 2,
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
