using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing;
using Sharing.Offline;

SQLitePCL.Batteries_V2.Init();
using var web = new Web();
var me = PersonId.Parse("anna");

var film = new Uri(web.Address, "film.mkv");

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var services = builder.Services;

// The README's example is this paragraph, the one that adds and shares, and the one that prints: tests/Sharing.Tests/Laws/ReadmeTests.cs compares them.
services.AddSharing(sharing => sharing
    .UseFolder("data")                          // SQLite and files, nothing else needed
    .AddOffline(offline => offline.Retention = TimeSpan.FromDays(30))
    .AddPublisher<Guestbook>());                // a network of your own: one class with one method

// Here alone: the rest of the web is at a private address, so it is named.
services.AddSingleton(new GuestbookAddress(web.Address));
services.AddSharing(sharing => sharing.WithFetching(fetching => fetching.Configured.Add(web.Address.Authority)));
using var host = builder.Build();
await host.StartAsync();

var downloads = host.Services.GetRequiredService<IDownloads>();
var posts = host.Services.GetRequiredService<IPosts>();
await host.Services.GetRequiredService<IAccounts>().ConnectAsync(me, "guestbook", "my-token");

var item = await downloads.AddAsync(me, film);  // any http or https address
var post = await downloads.ShareAsync(me, item.Id, new() { Audience = Audience.Everyone });

// Nothing more to do: it is published, and kept in the offline library. Look on for as long as you like.
for (var tries = 0; tries < 300 && post is not null && !IsThere(post); tries++)
{
    await Task.Delay(100);
    post = await posts.FindAsync(me, post.Id);
}

foreach (var line in post?.Ledger ?? [])
{
    Console.WriteLine($"{line.Network}: {line.State} {line.Reason}");
}

Console.WriteLine($"library: {post?.Library}");
Console.WriteLine($"entries in the guestbook: {web.Entries.Count}");
await host.StopAsync();
return post is not null && IsThere(post) && web.Entries.Count == 1 ? 0 : 1;

static bool IsThere(SharedPost post) => post.Library == OfflineState.Stored && post.Ledger!.All(line => line.State == PublishState.Sent);
