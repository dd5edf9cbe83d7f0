using Sharing.Tests.Child;
using Sharing.Tests.Child.Ssrf;

// Processes for tests to kill, or to lock up.
SQLitePCL.Batteries_V2.Init();
return args switch
{
    ["publish", var folder, var sinks, var shares] => await Publishing.RunAsync(folder, new Uri(sinks), int.Parse(shares, System.Globalization.CultureInfo.InvariantCulture)),
    ["share", var server, var token, var resource, var count] => await SharingAtOnce.RunAsync(new Uri(server), token, new Uri(resource), int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)),
    ["ssrf", var folder, var seed, var part, var parts] => await Guarding.RunAsync(
        folder, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture), int.Parse(part, System.Globalization.CultureInfo.InvariantCulture),
        int.Parse(parts, System.Globalization.CultureInfo.InvariantCulture)),
    ["confine", var seconds] => await Confining.RunAsync(seconds),
    [var database, var round] => await Committing.RunAsync(database, round),
    _ => 2,
};
