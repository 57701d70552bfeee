namespace Penstock.Bench.Gateways;

/// <summary>nginx with one process and nothing but a proxy in it.</summary>
internal static class NginxFiles
{
    public static LaunchCommand Prepare(LaunchSite site)
    {
        var file = Path.Combine(site.Scratch, "nginx.conf");
        File.WriteAllText(file, Configuration(site));
        return new LaunchCommand("nginx", "-c", file, "-p", site.Scratch, "-e", "stderr");
    }

    private static string Configuration(LaunchSite site) => $$"""
        daemon off;
        master_process off;     # a single process is a single worker, and its CPU time is all there is
        pid {{site.Scratch}}/nginx.pid;
        events { worker_connections 8192; }
        http {
          access_log off;
          client_max_body_size 64m;
          client_body_buffer_size 2m;      # a prompt stays in memory
          client_body_temp_path {{site.Scratch}}/body;
          proxy_temp_path {{site.Scratch}}/proxy;
          keepalive_requests 1000000000;
          keepalive_timeout 1h;
          upstream provider {
            server {{site.Upstream.Authority}};
            keepalive 2048;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
          }
          server {
            listen 127.0.0.1:{{site.Port}} backlog=4096;
            location / {
              proxy_pass http://provider;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              proxy_buffer_size 64k;
              proxy_buffers 8 64k;
              proxy_read_timeout 1h;
            }
          }
        }
        """;
}
