using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing;
using Sharing.Offline;

SQLitePCL.Batteries_V2.Init();
using var web = new Web();
var me = PersonId.Parse("anna");

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(new GuestbookAddress(web.Address));
builder.Services.AddSharing(sharing => sharing
    .UseFolder("data")                                        // SQLite and files, nothing else needed
    .AddOffline(offline => offline.Retention = TimeSpan.FromDays(30))
    .AddPublisher<Guestbook>()
    .WithFetching(fetching => fetching.Configured.Add(web.Address.Authority))); // a private address, so it is named
using var host = builder.Build();
await host.StartAsync();

var downloads = host.Services.GetRequiredService<IDownloads>();
var posts = host.Services.GetRequiredService<IPosts>();
await host.Services.GetRequiredService<IAccounts>().ConnectAsync(me, "guestbook", "my-token");

var item = await downloads.AddAsync(me, new Uri(web.Address, "film.mkv"));
var post = await downloads.ShareAsync(me, item.Id, new() { Audience = Audience.Everyone, Key = "order-4711" })
    ?? throw new InvalidOperationException("The item is gone.");

// Nothing more to do: it is published, and kept in the offline library. Look on for as long as you like.
for (var tries = 0; tries < 300 && !IsThere(post); tries++)
{
    await Task.Delay(100);
    post = await posts.FindAsync(me, post.Id) ?? throw new InvalidOperationException("The post is gone.");
}

foreach (var line in post.Ledger!)
{
    Console.WriteLine($"{line.Network}: {line.State} {line.Reason}".TrimEnd());
}

Console.WriteLine($"library: {post.Library}");
Console.WriteLine($"entries in the guestbook: {web.Entries.Count}");
await host.StopAsync();
return IsThere(post) && web.Entries.Count == 1 ? 0 : 1;

static bool IsThere(SharedPost post) => post.Library == OfflineState.Stored && post.Ledger!.All(line => line.State == PublishState.Sent);
