using Sharing.Tests.Child;

// Processes for tests to kill.
SQLitePCL.Batteries_V2.Init();
return args switch
{
    ["publish", var folder, var sinks, var shares] => await Publishing.RunAsync(folder, new Uri(sinks), int.Parse(shares, System.Globalization.CultureInfo.InvariantCulture)),
    ["share", var server, var token, var resource, var count] => await SharingAtOnce.RunAsync(new Uri(server), token, new Uri(resource), int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
    ["store", var folder, var origin, var rounds, var first, var step, var occurrence] => await Storing.RunAsync(folder, new(origin), Number(rounds), Number(first), step, Number(occurrence)),
    ["store-on", var folder, var origin, var rounds, var first] =>
        await Task.Run(() => Storing.RunOnAsync(folder, new(origin), Number(rounds), Number(first))), // a thread of the pool, from the start
    ["by-hand", var folder] => ByHand.Run(folder),
    ["uploads", var folder, var port] => await UploadServer.RunAsync(folder, port),
    [var database, var round] => await Committing.RunAsync(database, round),
    _ => 2,
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
