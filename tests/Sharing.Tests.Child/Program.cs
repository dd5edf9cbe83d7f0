using Sharing.Tests.Child;

// Processes for tests to kill.
SQLitePCL.Batteries_V2.Init();
return args switch
{
    ["publish", var folder, var sinks, var shares] => await Publishing.RunAsync(folder, new Uri(sinks), int.Parse(shares, System.Globalization.CultureInfo.InvariantCulture)),
    ["share", var server, var token, var resource, var count] => await SharingAtOnce.RunAsync(new Uri(server), token, new Uri(resource), int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
    ["uploads", var folder, var port] => await UploadServer.RunAsync(folder, port),
    [var database, var round] => await Committing.RunAsync(database, round),
    _ => 2,
};
